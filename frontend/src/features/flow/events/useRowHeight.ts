import { useSyncExternalStore } from "react";

const NARROW = "(max-width: 40rem)";
const HEIGHTS = { narrow: 80, wide: 34 };

let query: MediaQueryList | undefined;

/** Pixels; on a phone a row has three lines. */
export function useRowHeight(): number {
  const isNarrow = useSyncExternalStore(subscribe, () => narrow().matches);
  return isNarrow ? HEIGHTS.narrow : HEIGHTS.wide;
}

function subscribe(listener: () => void) {
  narrow().addEventListener("change", listener);
  return () => narrow().removeEventListener("change", listener);
}

function narrow() {
  query ??= window.matchMedia(NARROW);
  return query;
}
