import { type RefObject, useEffect, useRef } from "react";
import { useLocation } from "react-router";
import { itemOf } from "./useSteadyList.ts";

/** Leads whoever opens a permalink to its comment, or, where that is not here, to what says so; once for each opening. */
export function useArrival(
  list: RefObject<HTMLOListElement | null>,
  target: string | undefined,
  state: "found" | "missing" | "looking",
) {
  const { key } = useLocation();
  const arrived = useRef<string>(undefined);
  useEffect(() => {
    const opening = `${key} ${target} ${state}`;
    if (!target || state === "looking" || arrived.current === opening) return;
    arrived.current = opening;
    const place = state === "found" ? itemOf(list.current, target) : document.getElementById("comments");
    // After what the page itself does for a new address.
    queueMicrotask(() => {
      if (!place) return;
      place.focus({ preventScroll: true });
      const { top } = place.getBoundingClientRect();
      if (top < 0 || top > window.innerHeight / 2)
        place.scrollIntoView({ block: "start", behavior: "instant" });
    });
  }, [key, list, target, state]);
}
