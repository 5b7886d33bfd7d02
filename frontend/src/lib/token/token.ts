import { useSyncExternalStore } from "react";
import { readStored, storedText, useStored, writeStored } from "../stored.ts";

export type Role = "operator" | "moderator";

/** Why the last token of a role was sent back, in the server's words; gone with a reload. */
const refusals = new Map<Role, string>();
const listeners = new Set<() => void>();

const keyOf = (role: Role) => `blogbus:${role}-token`;

/** Empty while none is held. */
export function useToken(role: Role): string {
  return useStored(keyOf(role), "", storedText)[0];
}

export function useRefusal(role: Role): string | undefined {
  return useSyncExternalStore(subscribe, () => refusals.get(role));
}

export function tokenOf(role: Role): string {
  return readStored(keyOf(role), "", storedText);
}

export function keepToken(role: Role, token: string) {
  setRefusal(role, undefined);
  writeStored(keyOf(role), token);
}

export function forgetToken(role: Role) {
  keepToken(role, "");
}

/** The server did not take this token. A newer one that was given meanwhile stays. */
export function refuseToken(role: Role, token: string, why: string) {
  if (tokenOf(role) !== token) return;
  forgetToken(role);
  setRefusal(role, why);
}

function setRefusal(role: Role, why: string | undefined) {
  if (why) refusals.set(role, why);
  else refusals.delete(role);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
