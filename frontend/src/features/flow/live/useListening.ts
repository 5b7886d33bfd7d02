import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { follow } from "../../../lib/sse/follow.ts";
import { listEvents } from "../api/events.ts";
import { readFaults } from "../api/faults.ts";
import { openStream } from "../api/stream.ts";
import { listSubscriptions } from "../api/subscriptions.ts";
import { Flow } from "./flow.ts";

const TICK_MS = 1_000;
const POLL_MS = 1_000;

/** A live picture for as long as the page is there: by the stream, and while there is none, by asking. */
export function useListening(): Flow {
  const [flow] = useState(() => new Flow({ canMove }));
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    let hasAsked = false;
    const onOpen = (lastId: string | undefined) => {
      // Between the last answer and the stream's beginning something may have happened.
      if (hasAsked && lastId === undefined) flow.take("reset", {});
      setAsking(false);
      flow.heard("live");
    };
    const ask = () => {
      hasAsked = true;
      setAsking(true);
    };
    follow({ open: openStream, onOpen, onMessage: flow.take, onFull: ask, onLost: ask }, stop.signal);
    const ticking = setInterval(() => flow.tick(), TICK_MS);
    return () => {
      stop.abort();
      clearInterval(ticking);
    };
  }, [flow]);
  const { error, dataUpdatedAt } = useQuery({
    queryKey: ["bus-poll"],
    queryFn: ({ signal }) => poll(flow, signal),
    enabled: isAsking,
    refetchInterval: POLL_MS,
    gcTime: 0,
  });
  useEffect(() => {
    if (!isAsking) return;
    if (error) flow.heard("lost", error.message);
    else if (dataUpdatedAt > 0) flow.heard("polling");
  }, [isAsking, error, dataUpdatedAt, flow]);
  return flow;
}

async function poll(flow: Flow, signal: AbortSignal) {
  const [subscriptions, faults, events] = await Promise.all([
    listSubscriptions(signal),
    readFaults(signal),
    listEvents({}, undefined, signal),
  ]);
  flow.take("subscriptions", { subscriptions });
  flow.take("faults", faults);
  flow.take("listed", events);
  return true;
}

/** A hidden page draws nothing, and some people get ill from what moves. */
function canMove() {
  return !document.hidden && !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
