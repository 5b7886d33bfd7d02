import { expect, test } from "vitest";
import type { ListedEvent } from "../types.ts";
import { Dispatcher, into, outTo, TRAVEL_MS } from "./travels.ts";

function published(id: string, type: string, source: string, correlationid = "chain"): ListedEvent {
  return { id, type, source: `/${source}`, subject: "c1", time: "", correlationid, position: id };
}

function delivered(subscription: string, id: string, type: string, error: string | null = null) {
  return { subscription, count: 1, events: [{ id, type, subject: "c1" }], status: 200, latencyMs: 2, error };
}

/** What departs in each tenth of a second. */
function departures(dispatcher: Dispatcher, until: number) {
  const seen = new Set<number>();
  const found: [at: number, edge: string, label: string, count: number][] = [];
  for (let now = 0; now <= until; now += 100) {
    for (const [edge, travels] of Object.entries(dispatcher.at(now))) {
      for (const { key, label, count } of travels) {
        if (!seen.has(key)) found.push([now, edge, label, count]);
        seen.add(key);
      }
    }
  }
  return found;
}

const HELD = 300;

test("what happened within milliseconds is shown as a story: each leg begins where the one before it ended", () => {
  const dispatcher = new Dispatcher();
  dispatcher.published(published("1", "CommentCreated", "comments"), 0);
  dispatcher.delivered(delivered("moderation", "1", "CommentCreated"), 5);
  dispatcher.published(published("2", "CommentModerated", "moderation"), 9);
  dispatcher.delivered(delivered("comments", "2", "CommentModerated"), 14);
  expect(departures(dispatcher, 5_000)).toEqual([
    [HELD, into("comments"), "CommentCreated", 1],
    [HELD + TRAVEL_MS, outTo("moderation"), "CommentCreated", 1],
    [HELD + 2 * TRAVEL_MS, into("moderation"), "CommentModerated", 1],
    [HELD + 3 * TRAVEL_MS, outTo("comments"), "CommentModerated", 1],
  ]);
});

test("the story is the same when an effect is told before its cause", () => {
  const dispatcher = new Dispatcher();
  dispatcher.delivered(delivered("moderation", "1", "CommentCreated"), 5);
  dispatcher.published(published("1", "CommentCreated", "comments"), 9);
  dispatcher.published(published("2", "CommentModerated", "moderation"), 9);
  dispatcher.published(published("3", "CommentUpdated", "comments"), 9);
  dispatcher.delivered(delivered("query", "3", "CommentUpdated"), 14);
  dispatcher.delivered(delivered("comments", "2", "CommentModerated"), 14);
  expect(departures(dispatcher, 8_000).map(([, edge, label]) => `${label} ${edge}`)).toEqual([
    "CommentCreated into:comments",
    "CommentCreated out:moderation",
    "CommentModerated into:moderation",
    "CommentModerated out:comments",
    "CommentUpdated into:comments",
    "CommentUpdated out:query",
  ]);
});

test("many at once travel together, and none is left out of the count", () => {
  const dispatcher = new Dispatcher();
  for (let number = 0; number < 500; number++) {
    dispatcher.published(published(`${number}`, "PostCreated", "posts", `${number}`), number);
  }
  const all = departures(dispatcher, 3_000);
  expect(all.length).toBeLessThan(5);
  expect(all.reduce((sum, [, , , count]) => sum + count, 0)).toBe(500);
});

test("a dot is gone once it has arrived, and then there is nothing to do", () => {
  const dispatcher = new Dispatcher();
  dispatcher.published(published("1", "PostCreated", "posts"), 0);
  expect(Object.keys(dispatcher.at(HELD))).toEqual([into("posts")]);
  expect(dispatcher.isBusy).toBe(true);
  expect(dispatcher.at(HELD + TRAVEL_MS)).toEqual({});
  expect(dispatcher.isBusy).toBe(false);
});

test("what nobody was seen to publish is delivered at once, and a failed delivery is one", () => {
  const dispatcher = new Dispatcher();
  dispatcher.delivered(delivered("query", "7", "PostCreated", "answered 503"), 0);
  expect(dispatcher.at(HELD)).toEqual({
    [outTo("query")]: [{ key: 1, since: HELD, count: 1, label: "PostCreated", hasFailed: true }],
  });
});

test("a long chain does not push the picture far into the past", () => {
  const dispatcher = new Dispatcher();
  for (let number = 0; number < 40; number++) {
    dispatcher.published(published(`${number}`, "CommentUpdated", "comments"), 0);
    dispatcher.delivered(delivered("query", `${number}`, "CommentUpdated"), 0);
  }
  const last = departures(dispatcher, 60_000).at(-1)?.[0];
  expect(last).toBeLessThan(10_000);
});
