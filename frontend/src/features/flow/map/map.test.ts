import { expect, test } from "vitest";
import type { Contract, Subscription } from "../types.ts";
import { LEAST_WIDTH, layOut } from "./geometry.ts";
import { rowsOf } from "./topology.ts";

const contracts = ["posts", "comments", "comments", "moderation"].map(
  (publisher) => ({ publisher }) as Contract,
);

function subscribed(...names: string[]) {
  return names.map((name) => ({ name, types: ["PostCreated"] }) as Subscription);
}

test("a service that publishes and subscribes stands on one row, and the others share theirs", () => {
  expect(rowsOf(contracts, subscribed("comments", "moderation", "query"), [])).toEqual([
    { publisher: "posts", subscriber: "query" },
    { publisher: "comments", subscriber: "comments" },
    { publisher: "moderation", subscriber: "moderation" },
  ]);
});

test("a foreign publisher and a foreign subscriber get a place, one that orders nothing gets none", () => {
  const nobody = { name: "posts", types: [] as string[] } as Subscription;
  expect(rowsOf(contracts, [...subscribed("query", "printer"), nobody], ["foreign", "posts"])).toEqual([
    { publisher: "posts", subscriber: "query" },
    { publisher: "comments", subscriber: "printer" },
    { publisher: "moderation", subscriber: undefined },
    { publisher: "foreign", subscriber: undefined },
  ]);
});

test("lines run level into the bus, straight in the middle and by 45° above and below", () => {
  const { lineIn, bus } = layOut(3, 1_000);
  const [above, level] = [lineIn(0).path, lineIn(1).path];
  expect(level).toMatch(new RegExp(`^M[\\d.]+ [\\d.]+H${bus.x}$`));
  expect(above).toMatch(new RegExp(`^M[\\d. ]+L[\\d. ]+Q[\\d. ]+L[\\d. ]+Q[\\d. ]+H${bus.x}$`));
});

test("nothing overlaps, however many rows there are and however narrow it is", () => {
  for (const rows of [1, 2, 7]) {
    for (const width of [LEAST_WIDTH, 639, 640, 1_000]) {
      const { publisher, subscriber, bus, height, lineIn, lineOut } = layOut(rows, width);
      expect(publisher(0).x + publisher(0).width).toBeLessThan(bus.x);
      expect(bus.x + bus.width).toBeLessThan(subscriber(0).x);
      expect(bus.y).toBeGreaterThanOrEqual(0);
      expect(bus.y + bus.height).toBeLessThanOrEqual(height);
      for (const { points } of [lineIn(0), lineOut(0)]) {
        const way = points.map(({ x }) => x);
        expect(way).toEqual(way.toSorted((one, other) => one - other));
      }
    }
  }
});
