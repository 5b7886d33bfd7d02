import { type RefObject, useLayoutEffect } from "react";

/** Where the keyboard goes on if it is in `part` when that goes; without it, it is at the top of the page. */
export function useWayOut(part: RefObject<HTMLElement | null>, next: () => HTMLElement | null) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked at the end only
  useLayoutEffect(() => {
    const its = part.current;
    return () => {
      if (its?.contains(document.activeElement)) queueMicrotask(() => next()?.focus({ preventScroll: true }));
    };
  }, []);
}
