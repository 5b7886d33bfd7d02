import { type RefObject, useEffect, useRef } from "react";
import { useLocation } from "react-router";
import { isFree } from "../../lib/keyboard.ts";
import { itemOf } from "./useSteadyList.ts";

/**
 * Leads whoever opens a permalink to its comment, or, where that is not here, to what says so. If that changes later,
 * it leads there, too, unless they went on to something else.
 */
export function useArrival(
  list: RefObject<HTMLOListElement | null>,
  target: string | undefined,
  state: "found" | "missing" | "looking",
) {
  const { key } = useLocation();
  const arrived = useRef({ opening: "", state: "" });
  useEffect(() => {
    const opening = `${key} ${target}`;
    const before = arrived.current;
    const isOpening = before.opening !== opening;
    if (!target || state === "looking" || (!isOpening && before.state === state)) return;
    arrived.current = { opening, state };
    const heading = document.getElementById("comments");
    if (!isOpening && !isFree(heading)) return;
    const place = state === "found" ? itemOf(list.current, target) : heading;
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
