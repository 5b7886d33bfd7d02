import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useStanding } from "../../../lib/useStanding.ts";
import { type Filter, listEvents, PAGE } from "../api/events.ts";
import { KEPT, keyOf } from "../live/listing.ts";
import { useFlow } from "../live/useFlow.ts";
import { timeOf } from "../moments.ts";
import type { ListedEvent } from "../types.ts";

const STATES_EVERY_MS = 2_000;
const TEXTS_EVERY_MS = 5_000;
const NONE: ListedEvent[] = [];

/**
 * What was published since the page was opened, and before that what the log holds; newest first. Once the page has
 * let go of something there would be a gap between the two, so it ends with what it holds: then it `isFull`.
 */
export function useEvents(filter: Filter) {
  const live = useFlow(({ events }) => events);
  const resets = useFlow((picture) => picture.resets);
  const isFrozen = useFlow((picture) => picture.isFrozen);
  // An event's state and its whole texts are not in the stream, so a list by these can only be asked for again.
  const isAsked = Boolean(filter.state || filter.text);
  const queryKey = ["bus-events", filter, resets];
  const { data, ...query } = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => listEvents(filter, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.position),
    refetchInterval: isAsked && !isFrozen ? (filter.state ? STATES_EVERY_MS : TEXTS_EVERY_MS) : false,
  });
  const isFull = !isAsked && live.length === KEPT;
  const events = useMemo(() => {
    const history = isFull ? NONE : (data?.pages.flat() ?? NONE);
    return isAsked ? history : together(live.filter(matches(filter)), history);
  }, [data, live, filter, isFull, isAsked]);
  const error = useStanding(queryKey, { ...query, data });
  return { ...query, error, events, isLoaded: data !== undefined, isFull };
}

function together(live: ListedEvent[], history: ListedEvent[]) {
  const known = new Set(live.map(keyOf));
  return [...live, ...history.filter((event) => !known.has(keyOf(event)))];
}

function matches({ type, service, subject, id, since, until }: Filter) {
  const isThen = within(since, until);
  return (event: ListedEvent) =>
    (!id || event.id.startsWith(id)) &&
    (!type || event.type === type) &&
    (!service || event.source === `/${service}`) &&
    (!subject || event.subject === subject) &&
    isThen(event);
}

/** Of thousands of events no time is read for nothing. */
function within(since: string | undefined, until: string | undefined): (event: ListedEvent) => boolean {
  if (!since && !until) return () => true;
  const [from, to] = [since ? timeOf(since) : -Infinity, until ? timeOf(until) : Infinity];
  return (event) => {
    const time = timeOf(event.time);
    return time >= from && time < to;
  };
}
