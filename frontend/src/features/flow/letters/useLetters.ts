import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useStanding } from "../../../lib/useStanding.ts";
import { listDeadLetters } from "../api/deadLetters.ts";
import { useFlow } from "../live/useFlow.ts";
import type { Subscription } from "../types.ts";

export const KEY = ["bus-dead-letters"];
/** So many are shown, and so many the bus answers unasked. */
export const MOST = 50;
const EVERY_MS = 2_000;

/** The dead letters, of which the oldest are read, how many there are in all, and how many a decision has yet to reach. */
export function useLetters() {
  const client = useQueryClient();
  const counted = useFlow(({ subscriptions }) => countOf(subscriptions, "deadLetters"));
  const deciding = useFlow(({ subscriptions }) => countOf(subscriptions, "deciding"));
  const isFrozen = useFlow((picture) => picture.isFrozen);
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => listDeadLetters(signal),
    enabled: counted > 0,
    refetchInterval: !isFrozen && EVERY_MS,
  });
  useEffect(() => {
    // Letters that come later are others: until they are read, nothing is known of them.
    if (counted === 0) client.resetQueries({ queryKey: KEY });
    // An answer that is on its way is let come, however fast letters do.
    else client.invalidateQueries({ queryKey: KEY }, { cancelRefetch: false });
  }, [counted, client]);
  const { data: letters, refetch } = query;
  const error = useStanding([...KEY, counted > 0], query);
  return { letters, total: totalOf(counted, letters?.length), deciding, error, refetch, isFrozen };
}

/** An answer that is not full has all there are, and is newer than the count. */
function totalOf(counted: number, read: number | undefined): number {
  if (counted === 0 || read === undefined) return counted;
  return read < MOST ? read : Math.max(counted, read);
}

function countOf(subscriptions: Subscription[] | undefined, what: "deadLetters" | "deciding") {
  return subscriptions?.reduce((sum, subscription) => sum + subscription[what], 0) ?? 0;
}
