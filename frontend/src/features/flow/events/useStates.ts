import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Filter, listEvents } from "../api/events.ts";
import { keyOf } from "../live/listing.ts";
import { useFlow } from "../live/useFlow.ts";
import type { Delivery, ListedEvent } from "../types.ts";

const EVERY_MS = 2_000;
const KEPT = 2_000;

type Known = { resets: number; states: Map<string, Delivery[]> };

/** What became of the events on the screen, asked for again while there is something to come. */
export function useStates(events: readonly ListedEvent[], first: number, last: number, filter: Filter) {
  const resets = useFlow((picture) => picture.resets);
  const [known, setKnown] = useState<Known>({ resets, states: new Map() });
  const isFrozen = useFlow((picture) => picture.isFrozen);
  // A list by state is asked for again as a whole, so it knows best.
  const isKnown = known.resets === resets && !filter.state;
  const deliveriesOf = (event: ListedEvent) =>
    (isKnown && known.states.get(keyOf(event))) || event.deliveries;
  const isOpen = events.slice(first, last + 1).some((event) => !isSettled(deliveriesOf(event)));
  const newer = events[first - 1]?.position;
  useQuery({
    queryKey: ["bus-states", filter, newer, resets],
    queryFn: async ({ signal }) => {
      const page = await listEvents(filter, newer, signal);
      setKnown((old) => {
        const before = old.resets === resets ? old.states : [];
        return { resets, states: new Map([...before, ...page.map(keyed)].slice(-KEPT)) };
      });
      return true;
    },
    enabled: isOpen && !isFrozen && !filter.state,
    refetchInterval: EVERY_MS,
    gcTime: 0,
  });
  return deliveriesOf;
}

function isSettled(deliveries: Delivery[] | undefined) {
  return deliveries?.every(({ state }) => state === "settled" || state === "discarded") ?? false;
}

function keyed(event: ListedEvent) {
  return [keyOf(event), event.deliveries ?? []] as const;
}
