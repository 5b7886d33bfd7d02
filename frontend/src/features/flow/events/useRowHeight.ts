import { useSyncExternalStore } from "react";

const NARROW = "(max-width: 40rem)";
const HEIGHTS = { narrow: 60, wide: 34 };

/** Pixels; on a phone a row has two lines. */
export function useRowHeight(): number {
  const isNarrow = useSyncExternalStore(subscribe, () => window.matchMedia(NARROW).matches);
  return isNarrow ? HEIGHTS.narrow : HEIGHTS.wide;
}

function subscribe(listener: () => void) {
  const query = window.matchMedia(NARROW);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}
