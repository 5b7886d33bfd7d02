import { PER_TAB, readStored, useStored, writeStored } from "../stored.ts";

const STORED = `${PER_TAB}removed`;
const KEPT = 200;
const NONE: string[] = [];

/** Of posts and comments that were removed here: the read model may still show them for a moment. */
export function useRemoved(): ReadonlySet<string> {
  return new Set(useStored(STORED, NONE, decode)[0]);
}

export function noteRemoved(id: string) {
  writeStored(STORED, [id, ...readStored(STORED, NONE, decode)].slice(0, KEPT));
}

function decode(stored: unknown): string[] {
  return Array.isArray(stored) ? stored.filter((id) => typeof id === "string") : [];
}
