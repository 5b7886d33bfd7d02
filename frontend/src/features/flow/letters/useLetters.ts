import { useInfiniteQuery } from "@tanstack/react-query";
import { useStanding } from "../../../lib/useStanding.ts";
import { type GroupKey, listDeadLetters, PAGE } from "../api/deadLetters.ts";
import { useFlow } from "../live/useFlow.ts";
import { EVERY_MS, KEY } from "./useGroups.ts";

/** The dead letters of one group, oldest first, page by page; read once somebody looks. */
export function useLetters({ subscription, error }: GroupKey, isOpen: boolean) {
  const isFrozen = useFlow((picture) => picture.isFrozen);
  const queryKey = [...KEY, subscription, error];
  const { data, ...query } = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => listDeadLetters({ subscription, error }, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.id),
    enabled: isOpen,
    refetchInterval: !isFrozen && EVERY_MS,
  });
  const problem = useStanding(queryKey, { ...query, data });
  return { ...query, letters: data?.pages.flat(), problem };
}
