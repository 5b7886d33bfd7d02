import { expect, test } from "vitest";
import { event } from "../../../testing/bus.ts";
import { timeOf } from "../moments.ts";
import type { ChainEvent, TracedDelivery } from "../types.ts";
import { axisOf } from "./axis.ts";
import { delivering, storing } from "./waterfall.ts";

const began = timeOf(event.time);
const at = (milliseconds: number) => new Date(began + milliseconds).toISOString();

function stored(after: number | null): ChainEvent {
  return { ...event, position: "7", storedAt: after === null ? null : at(after), deliveries: [] };
}

function delivery(changes: Partial<TracedDelivery>, ...attempts: [number, string | null][]): TracedDelivery {
  return {
    subscription: "query",
    state: "settled",
    nextTry: null,
    attemptsLeftOut: 0,
    attempts: attempts.map(([after, error]) => ({ time: at(after), status: 200, latencyMs: 5, error })),
    ...changes,
  };
}

test.each([
  [4, "stored after 4.0 ms"],
  [-3, "stored after 0 ms; the clocks differ by 3.0 ms or more"],
  [null, "the log does not record when it was stored"],
])("an event that was stored %s ms after its time: %s", (after, words) => {
  expect(storing(stored(after)).words).toBe(words);
});

test("a fraction of a millisecond counts", () => {
  const soon = { ...stored(0), time: "2026-01-02T10:00:00.000100Z", storedAt: "2026-01-02T10:00:00.000812Z" };
  expect(storing(soon).words).toBe("stored after 0.7 ms");
});

test.each([
  ["is at once applied", delivery({}, [12, null]), "waited 10 ms, worked 5.0 ms"],
  [
    "fails and is tried again",
    delivery({}, [12, "no"], [117, "no"], [322, null]),
    "waited 10 ms, failed 2 times in 10 ms, 300 ms between attempts, worked 5.0 ms",
  ],
  [
    "is tried more often than is told",
    delivery({ attemptsLeftOut: 3 }, [12, "no"], [117, null]),
    "waited 10 ms, failed once in 5.0 ms, 3 more attempts not shown, 100 ms between attempts, worked 5.0 ms",
  ],
  [
    "is parked until its next attempt",
    delivery({ state: "parked" }, [12, "no"]),
    "waited 10 ms, failed once in 5.0 ms, parked for 983 ms",
  ],
  [
    "waits for a subscriber that did not answer",
    delivery({ state: "waiting" }, [12, "no"], [117, "no"]),
    "waited 10 ms, failed 2 times in 10 ms, 978 ms between attempts, waiting for the next",
  ],
  ["waits behind another", delivery({ state: "parked" }), "parked behind an earlier event for 998 ms"],
  [
    "is a dead letter",
    delivery({ state: "dead" }, [12, "no"]),
    "waited 10 ms, failed once in 5.0 ms, dead letter for 983 ms",
  ],
  ["waits for its subscriber", delivery({ state: "waiting" }), "waiting for 998 ms"],
  [
    "was given up",
    delivery({ state: "discarded" }, [12, "no"]),
    "waited 10 ms, failed once in 5.0 ms, discarded",
  ],
  ["is delivered again by a replay", delivery({}, [12, null], [812, null]), "waited 10 ms, worked 10 ms"],
  [
    "died in a replay",
    delivery({ state: "dead" }, [12, null], [812, "no"]),
    "waited 10 ms, failed once in 5.0 ms, worked 5.0 ms, dead letter for 183 ms",
  ],
  ["was settled long ago", delivery({}), "settled; its attempts are no longer recorded"],
  [
    "was tried before it was stored, by another clock",
    delivery({}, [-6, null]),
    "waited 0.0 ms, the clocks differ by 8.0 ms or more, worked 5.0 ms",
  ],
])("a delivery that %s says so", (_, its, words) => {
  expect(delivering(its, stored(2), began + 1_000).words).toBe(words);
});

test("without a time of storing, the wait begins with the event", () => {
  expect(delivering(delivery({}, [12, null]), stored(null), began).words).toBe("waited 12 ms, worked 5.0 ms");
});

test("an axis is to scale, but for a stretch that would leave nothing of the rest to see", () => {
  const bar = (from: number, to: number) => ({ kind: "worked" as const, from, to });
  const even = axisOf([bar(0, 10), bar(20, 40)]);
  expect([0, 10, 20, 40].map(even.at)).toEqual([0, 25, 50, 100]);
  const folded = axisOf([bar(0, 10), bar(100_010, 100_040)]);
  expect([0, 10, 100_010, 100_040].map(folded.at)).toEqual([0, 20, 40, 100]);
  expect([folded.lasts, folded.folds]).toEqual([100_040, [{ left: 20, width: 20, lasts: 100_000 }]]);
  const growing = [10, 210, 610, 1_410, 3_010, 6_210].map((from) => bar(from, from + 5));
  expect(axisOf(growing).folds).toEqual([]);
  expect(axisOf([...growing, bar(6_215, 9_000_000)]).folds.length).toBe(1);
  expect(axisOf([]).at(5)).toBe(0);
  expect(axisOf([bar(5, 5)])).toMatchObject({ lasts: 0, folds: [] });
});
