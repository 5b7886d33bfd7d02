import { useQuery } from "@tanstack/react-query";
import { countComments } from "./api/countComments.ts";

export const EVERY_MS = 3_000;

export function useCounts() {
  return useQuery({
    queryKey: ["moderation", "counts"],
    queryFn: ({ signal }) => countComments(signal),
    refetchInterval: EVERY_MS,
  }).data;
}
