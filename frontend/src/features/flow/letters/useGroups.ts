import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useStanding } from "../../../lib/useStanding.ts";
import { type GroupKey, listGroups } from "../api/deadLetters.ts";
import { useFlow } from "../live/useFlow.ts";
import type { DeadLetterGroup, Subscription } from "../types.ts";

export const KEY = ["bus-dead-letters"];
const GROUPS = [...KEY, "groups"];
/** Counting fifty thousand takes the bus a tenth of a second. */
const COUNT_EVERY_MS = 5_000;
export const EVERY_MS = 2_000;

type Count = "deadLetters" | "deciding" | "retrying";

/** The dead letters by subscription and cause, how many there are in all, and how many are being decided about. */
export function useGroups() {
  const client = useQueryClient();
  const total = useFlow(({ subscriptions }) => totalOf(subscriptions, "deadLetters"));
  const deciding = useFlow(({ subscriptions }) => totalOf(subscriptions, "deciding"));
  const retrying = useFlow(({ subscriptions }) => totalOf(subscriptions, "retrying"));
  const isFrozen = useFlow((picture) => picture.isFrozen);
  const { data, ...query } = useInfiniteQuery({
    queryKey: GROUPS,
    queryFn: ({ pageParam, signal }) => listGroups(pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
    enabled: total > 0,
    refetchInterval: !isFrozen && COUNT_EVERY_MS,
  });
  useEffect(() => {
    // Letters that come later are others: until they are read, nothing is known of them.
    if (total === 0) client.resetQueries({ queryKey: KEY });
  }, [total, client]);
  const error = useStanding([...GROUPS, total > 0], { ...query, data });
  const groups = useMemo(() => data && eachOnce(data.pages.flatMap((page) => page.groups)), [data]);
  return { ...query, groups, total, deciding, retrying, error, isFrozen };
}

export function keyOf({ subscription, error }: GroupKey): string {
  return `${subscription} ${error}`;
}

/** Between two pages a group may shrink, and come again on the second. */
function eachOnce(groups: DeadLetterGroup[]): DeadLetterGroup[] {
  return [...new Map(groups.map((group) => [keyOf(group), group])).values()];
}

export function totalOf(subscriptions: Subscription[] | undefined, what: Count): number {
  return subscriptions?.reduce((sum, subscription) => sum + subscription[what], 0) ?? 0;
}
