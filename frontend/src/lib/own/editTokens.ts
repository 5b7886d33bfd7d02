import { fieldsOf, textOf } from "../api/shapes.ts";
import { readStored, useStored, writeStored } from "../stored.ts";

const STORED = "blogbus:edit-tokens";
const KEPT = 500;

type Tokens = Record<string, string>;
const NONE: Tokens = {};

/** Keeps the token with which this browser may edit and remove what it just wrote, if the answer has one. */
export function keepEditToken(id: string, answer: unknown) {
  const token = textOf(fieldsOf(answer)?.editToken);
  if (!token) return;
  const known = Object.entries(readStored(STORED, NONE, decode)).filter(([other]) => other !== id);
  writeStored(STORED, Object.fromEntries([[id, token], ...known].slice(0, KEPT)));
}

/** Undefined: it was not written in this browser, or its service gave no token. */
export function useEditToken(id: string): string | undefined {
  return useStored(STORED, NONE, decode)[0][id];
}

/** As headers of a request. */
export function authorOf(token: string) {
  return { authorization: `Bearer ${token}` };
}

function decode(stored: unknown): Tokens {
  const found = Object.entries(fieldsOf(stored) ?? {});
  return Object.fromEntries(found.flatMap(([id, token]) => (typeof token === "string" ? [[id, token]] : [])));
}
