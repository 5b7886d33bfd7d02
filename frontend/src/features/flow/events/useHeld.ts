import { useRef } from "react";
import type { ListedEvent } from "../types.ts";

/** While it is held, the list begins where it began then: what came since waits above. */
export function useHeld(events: readonly ListedEvent[], isHeld: boolean) {
  const top = useRef<string | undefined>(undefined);
  const index = isHeld ? events.findIndex(({ id }) => id === top.current) : -1;
  const waiting = Math.max(index, 0);
  if (waiting === 0) top.current = events[0]?.id;
  return { shown: waiting > 0 ? events.slice(waiting) : events, waiting };
}
