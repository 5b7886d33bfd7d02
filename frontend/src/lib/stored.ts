import { useCallback, useSyncExternalStore } from "react";

/** How the keys begin of what belongs to one tab, such as a draft. */
export const PER_TAB = "blogbus:tab:";

const values = new Map<string, unknown>();
const listeners = new Set<() => void>();

window.addEventListener("storage", ({ key }) => {
  if (key) values.delete(key);
  else values.clear();
  notify();
});

/** Makes a value of what stands in storage, which anybody may have written; null: the initial value is used. */
export type Decode<T> = (stored: unknown) => T | null;

export const storedText: Decode<string> = (stored) => (typeof stored === "string" ? stored : null);
export const storedFlag: Decode<boolean> = (stored) => (typeof stored === "boolean" ? stored : null);

/** State that outlives a reload and is the same in every component, and in every tab but where PER_TAB; it is JSON. */
export function useStored<T>(
  key: string,
  initial: T,
  decode: Decode<T>,
): [T, (change: (old: T) => T) => void] {
  const value = useSyncExternalStore(subscribe, () => readStored(key, initial, decode));
  const update = useCallback(
    (change: (old: T) => T) => {
      writeStored(key, change(readStored(key, initial, decode)));
    },
    [key, initial, decode],
  );
  return [value, update];
}

export function readStored<T>(key: string, initial: T, decode: Decode<T>): T {
  if (!values.has(key)) values.set(key, decode(parse(storageOf(key)?.getItem(key) ?? null)) ?? initial);
  return values.get(key) as T;
}

export function writeStored(key: string, value: unknown) {
  values.set(key, value);
  try {
    storageOf(key)?.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full: the value still lives as long as the page.
  }
  notify();
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Reading the property itself throws where a browser blocks storage. */
function storageOf(key: string): Storage | null {
  try {
    return key.startsWith(PER_TAB) ? window.sessionStorage : window.localStorage;
  } catch {
    return null;
  }
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function notify() {
  for (const listener of listeners) listener();
}

/** For tests: a fresh page reads storage again. */
export function forgetStored() {
  values.clear();
}
