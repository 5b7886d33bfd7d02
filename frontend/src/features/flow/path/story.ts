import { timeOf } from "../moments.ts";
import type { Attempt, EventInLog } from "../types.ts";

/** One event of a chain, and when it came, in milliseconds after the chain began. */
export type Stop = { event: EventInLog; after: number; cause: EventInLog | undefined };

export function stopsOf({ event, chain }: { event: EventInLog; chain: EventInLog[] }): Stop[] {
  const all = chain.some(({ id }) => id === event.id) ? chain : [...chain, event];
  const sorted = [...all].sort((one, other) => timeOf(one.time) - timeOf(other.time));
  const began = timeOf(sorted[0]?.time ?? event.time);
  return sorted.map((each) => ({
    event: each,
    after: timeOf(each.time) - began,
    cause: all.find(({ id }) => id === each.causationid),
  }));
}

const AT_EACH_END = 2;

type Abridged = { first: Attempt[]; leftOut: number; last: Attempt[] };

/** Many attempts: the first ones, how many are left out, by the bus too, and the last ones. */
export function abridged(attempts: Attempt[], leftOutByBus = 0): Abridged {
  if (leftOutByBus === 0 && attempts.length <= 2 * AT_EACH_END + 1)
    return { first: attempts, leftOut: 0, last: [] };
  const first = attempts.slice(0, AT_EACH_END);
  const last = attempts.slice(Math.max(AT_EACH_END, attempts.length - AT_EACH_END));
  return { first, leftOut: attempts.length - first.length - last.length + leftOutByBus, last };
}

export function sinceThen(time: string, then: string): number {
  return timeOf(time) - timeOf(then);
}
