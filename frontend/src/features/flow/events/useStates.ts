import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Filter, listEvents } from "../api/events.ts";
import { useFlow } from "../live/useFlow.ts";
import type { Delivery, ListedEvent } from "../types.ts";

const EVERY_MS = 2_000;
const KEPT = 2_000;

/** What became of the events on the screen, asked for again while there is something to come. */
export function useStates(events: readonly ListedEvent[], first: number, last: number, filter: Filter) {
  const [known, setKnown] = useState(new Map<string, Delivery[]>());
  const isFrozen = useFlow((picture) => picture.isFrozen);
  const deliveriesOf = (event: ListedEvent) => known.get(event.id) ?? event.deliveries;
  const isOpen = events.slice(first, last + 1).some((event) => !isSettled(deliveriesOf(event)));
  const newer = events[first - 1]?.position;
  useQuery({
    queryKey: ["bus-states", filter, newer],
    queryFn: async ({ signal }) => {
      const page = await listEvents(filter, newer, signal);
      setKnown((old) => new Map([...old, ...page.map(deliveriesById)].slice(-KEPT)));
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

function deliveriesById({ id, deliveries }: ListedEvent) {
  return [id, deliveries ?? []] as const;
}
