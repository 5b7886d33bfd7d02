import { expect, test } from "vitest";
import type { Contract, Subscription } from "../types.ts";
import { layOut } from "./geometry.ts";
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
  const { lineIn, bus } = layOut({ left: 184, right: 732, rows: [26, 154, 282] });
  const [above, level] = [lineIn(0).path, lineIn(1).path];
  expect(level).toBe(`M184 154L${bus.x} 154`);
  expect(above).toMatch(new RegExp(`^M[\\d. ]+L[\\d. ]+Q[\\d. ]+L[\\d. ]+Q[\\d. ]+H${bus.x}$`));
});

test("lines never run back, and a label stands on the side from which its line turns away", () => {
  for (const rows of [[40], [20, 90], [20, 220, 300, 420, 640, 700]]) {
    for (const [left, right] of [
      [100, 180],
      [184, 732],
    ] as const) {
      const { bus, lineIn, lineOut, labelIn, labelOut } = layOut({ left, right, rows });
      expect(bus.x).toBeGreaterThan(left);
      expect(bus.x + bus.width).toBeLessThan(right);
      rows.forEach((y, row) => {
        for (const { points } of [lineIn(row), lineOut(row)]) {
          const way = points.map(({ x }) => x);
          expect(way).toEqual(way.toSorted((one, other) => one - other));
        }
        const [first, last] = [lineIn(row).points[0], lineIn(row).points.at(-1)];
        expect(labelIn(row)).toMatchObject({ y, isAbove: (last?.y ?? 0) > (first?.y ?? 0) });
        expect(labelOut(row).isAbove).toBe(labelIn(row).isAbove);
      });
    }
  }
});
