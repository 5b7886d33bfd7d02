import { useQuery } from "@tanstack/react-query";
import { useStanding } from "../../../lib/useStanding.ts";
import { listSamples } from "../api/samples.ts";
import { useFlow } from "../live/useFlow.ts";
import type { Minute } from "../types.ts";

const SAMPLES = ["bus-samples"];
const EVERY_MS = 30_000;
const NONE: Minute[] = [];

/** The minutes of the last hour that the bus sampled of a subscription, oldest first, once they `areLoaded`. */
export function useHour(name: string) {
  const isFrozen = useFlow((picture) => picture.isFrozen);
  const { data, ...query } = useQuery({
    queryKey: SAMPLES,
    queryFn: ({ signal }) => listSamples(signal),
    refetchInterval: !isFrozen && EVERY_MS,
  });
  const error = useStanding(SAMPLES, { ...query, data });
  const minutes = data?.find(({ subscription }) => subscription === name)?.minutes ?? NONE;
  return { minutes, areLoaded: data !== undefined, error, refetch: query.refetch };
}
