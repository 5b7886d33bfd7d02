import { type ComponentType, useEffect, useSyncExternalStore } from "react";
import type { Props } from "./Blocks.tsx";

type State = { isReady: boolean; Blocks?: ComponentType<Props> };

const PATIENCE_MS = 2_000;

let state: State = { isReady: false };
let isAsked = false;
const listeners = new Set<() => void>();

/**
 * The parser is no part of the first load. Ready is also a page whose parser cannot be had, or not soon: it shows texts as
 * they are.
 */
export function useMarkdown(): State {
  const now = useSyncExternalStore(subscribe, () => state);
  useEffect(load, []);
  return now;
}

function load() {
  if (isAsked) return;
  isAsked = true;
  const patience = setTimeout(settle, PATIENCE_MS, { isReady: true });
  import("./Blocks.tsx")
    .then(
      ({ Blocks }) => settle({ isReady: true, Blocks }),
      () => {
        isAsked = false;
        settle({ isReady: true });
      },
    )
    .finally(() => clearTimeout(patience));
}

function settle(now: State) {
  state = now;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
