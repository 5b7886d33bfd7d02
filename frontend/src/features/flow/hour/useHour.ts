import { useQuery } from "@tanstack/react-query";
import { listSamples } from "../api/samples.ts";
import { useFlow } from "../live/useFlow.ts";
import type { Minute } from "../types.ts";

const EVERY_MS = 30_000;
const NONE: Minute[] = [];

/** The minutes of the last hour that the bus sampled of a subscription, oldest first. */
export function useHour(name: string): Minute[] {
  const isFrozen = useFlow((picture) => picture.isFrozen);
  const { data } = useQuery({
    queryKey: ["bus-samples"],
    queryFn: ({ signal }) => listSamples(signal),
    refetchInterval: !isFrozen && EVERY_MS,
  });
  return data?.find(({ subscription }) => subscription === name)?.minutes ?? NONE;
}
