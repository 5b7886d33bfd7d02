import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useStanding } from "../../../lib/useStanding.ts";
import { listGroups } from "../api/deadLetters.ts";
import { useFlow } from "../live/useFlow.ts";
import type { Subscription } from "../types.ts";

export const KEY = ["bus-dead-letters"];
const GROUPS = [...KEY, "groups"];
/** Counting fifty thousand takes the bus a tenth of a second. */
const COUNT_EVERY_MS = 5_000;
export const EVERY_MS = 2_000;

type Count = "deadLetters" | "deciding" | "retrying";

/** The dead letters by subscription and error, how many there are in all, and how many are being decided about. */
export function useGroups() {
  const client = useQueryClient();
  const total = useFlow(({ subscriptions }) => totalOf(subscriptions, "deadLetters"));
  const deciding = useFlow(({ subscriptions }) => totalOf(subscriptions, "deciding"));
  const retrying = useFlow(({ subscriptions }) => totalOf(subscriptions, "retrying"));
  const isFrozen = useFlow((picture) => picture.isFrozen);
  const query = useQuery({
    queryKey: GROUPS,
    queryFn: ({ signal }) => listGroups(signal),
    enabled: total > 0,
    refetchInterval: !isFrozen && COUNT_EVERY_MS,
  });
  useEffect(() => {
    // Letters that come later are others: until they are read, nothing is known of them.
    if (total === 0) client.resetQueries({ queryKey: KEY });
  }, [total, client]);
  const error = useStanding([...GROUPS, total > 0], query);
  return { groups: query.data, total, deciding, retrying, error, refetch: query.refetch, isFrozen };
}

export function totalOf(subscriptions: Subscription[] | undefined, what: Count): number {
  return subscriptions?.reduce((sum, subscription) => sum + subscription[what], 0) ?? 0;
}
