import { useQuery } from "@tanstack/react-query";
import { countComments } from "./api/countComments.ts";
import type { Selection } from "./asked.ts";

export const EVERY_MS = 3_000;

export function useCounts(selection: Selection) {
  return useQuery({
    queryKey: ["moderation", "counts", selection],
    queryFn: ({ signal }) => countComments(selection, signal),
    refetchInterval: EVERY_MS,
  }).data;
}
