import { expect, test, vi } from "vitest";
import { PAGE } from "../api/events.ts";
import type { Subscription } from "../types.ts";
import { Flow } from "./flow.ts";
import { KEPT } from "./listing.ts";

/** A flow whose frames and seconds pass only when the test says so. */
function start() {
  let now = 0;
  const due: (() => void)[] = [];
  const flow = new Flow({ soon: (run) => due.push(run), clock: () => now });
  const draw = () => {
    for (const run of due.splice(0)) run();
  };
  return { flow, draw, pass: (milliseconds: number) => (now += milliseconds) };
}

function event(number: number) {
  const id = `e${number}`;
  const rest = { source: "/posts", subject: "p1", time: "", correlationid: id, position: `${number}` };
  return { id, type: "PostCreated", ...rest };
}

const query = { name: "query", state: "active", lag: 0 } as Subscription;

test("what comes between two frames is drawn in one, newest first", () => {
  const { flow, draw } = start();
  const listener = vi.fn();
  flow.subscribe(listener);
  for (const number of [1, 2, 3]) flow.take("published", event(number));
  expect(flow.read().events).toEqual([]);
  draw();
  expect(flow.read().events.map(({ id }) => id)).toEqual(["e3", "e2", "e1"]);
  expect(listener).toHaveBeenCalledTimes(1);
});

test("an event that is told twice is listed once", () => {
  const { flow, draw } = start();
  flow.take("published", event(1));
  draw();
  flow.take("published", event(1));
  draw();
  expect(flow.read().events).toHaveLength(1);
});

test("however many come, it keeps the newest and no more", () => {
  const { flow, draw, pass } = start();
  for (let number = 0; number < KEPT + 5_000; number++) flow.take("published", event(number));
  pass(1_000);
  draw();
  expect(flow.read().events).toHaveLength(KEPT);
  expect(flow.read().events[0]?.id).toBe(`e${KEPT + 4_999}`);
});

test("frozen it stands still, and thawed it shows what came meanwhile", () => {
  const { flow, draw } = start();
  flow.take("subscriptions", { subscriptions: [query] });
  draw();
  flow.freeze(true);
  flow.take("subscriptions", { subscriptions: [{ ...query, lag: 7 }] });
  flow.take("published", event(1));
  draw();
  expect(flow.read()).toMatchObject({ isFrozen: true, events: [], subscriptions: [query] });
  flow.freeze(false);
  expect(flow.read()).toMatchObject({ isFrozen: false, subscriptions: [{ ...query, lag: 7 }] });
  expect(flow.read().events).toHaveLength(1);
});

test("what an operator does shows in a frozen picture, too", () => {
  const { flow, draw } = start();
  flow.take("subscriptions", { subscriptions: [query] });
  draw();
  flow.freeze(true);
  flow.patch({ ...query, state: "paused" });
  expect(flow.read().subscriptions).toEqual([{ ...query, state: "paused" }]);
});

test("what was on its way when an operator did something does not undo it, and the bus has the last word", () => {
  const { flow, draw, pass } = start();
  const told = { subscriptions: [query] };
  flow.take("subscriptions", told);
  draw();
  flow.patch({ ...query, state: "paused" });
  flow.take("subscriptions", told);
  draw();
  expect(flow.read().subscriptions).toEqual([{ ...query, state: "paused" }]);
  pass(2_000);
  flow.take("subscriptions", told);
  draw();
  expect(flow.read().subscriptions).toEqual([query]);
});

test("rates rise with what comes and fall to nothing when nothing does", () => {
  const { flow, draw, pass } = start();
  for (let number = 0; number < 50; number++) flow.take("published", event(number));
  draw();
  flow.tick();
  draw();
  expect(flow.read().rates).toEqual({ "into:posts": 10 });
  pass(6_000);
  flow.tick();
  draw();
  expect(flow.read().rates).toEqual({});
});

test("when the bus cannot say what was missed, the list begins anew after it, and what was before is the log's to tell", () => {
  const { flow, draw, pass } = start();
  flow.take("published", event(1));
  draw();
  pass(1_000);
  flow.take("published", event(2));
  flow.take("reset", {});
  flow.take("published", event(9));
  draw();
  expect(flow.read()).toMatchObject({ resets: 1, events: [event(9)] });
});

test("the first page that is asked for is history; what the next one adds is news", () => {
  const { flow, draw, pass } = start();
  flow.take("listed", [event(2), event(1)]);
  draw();
  flow.tick();
  draw();
  expect(flow.read().events.map(({ id }) => id)).toEqual(["e2", "e1"]);
  expect(flow.read().rates).toEqual({});
  pass(1_000);
  flow.take("listed", [event(3), event(2), event(1)]);
  draw();
  flow.tick();
  draw();
  expect(flow.read().events.map(({ id }) => id)).toEqual(["e3", "e2", "e1"]);
  expect(flow.read().rates).toEqual({ "into:posts": 0.2 });
});

test("a whole page of which nothing is known hides a gap, so the list begins anew", () => {
  const { flow, draw, pass } = start();
  flow.take("listed", [event(1)]);
  draw();
  pass(1_000);
  const page = Array.from({ length: PAGE }, (_, index) => event(1_000 - index));
  flow.take("listed", page);
  draw();
  expect(flow.read().resets).toBe(1);
  expect(flow.read().events).toEqual(page);
});

test("two publishers may use the same id", () => {
  const { flow, draw } = start();
  flow.take("published", event(1));
  flow.take("published", { ...event(1), source: "/foreign" });
  draw();
  expect(flow.read().events.map(({ source }) => source)).toEqual(["/foreign", "/posts"]);
});

test("faults that an operator sets show in a frozen picture, too", () => {
  const { flow } = start();
  const faults = { drop: 0.3, repeat: 0, reorder: 0, delay: 0 };
  flow.freeze(true);
  flow.faulted(faults);
  expect(flow.read().faults).toEqual(faults);
});
