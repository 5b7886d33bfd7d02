import { expect, test } from "vitest";
import type { Attempt, EventInLog } from "../types.ts";
import { abridged, stopsOf } from "./story.ts";

function event(id: string, milliseconds: number, causationid: string | null = null): EventInLog {
  const time = new Date(milliseconds).toISOString();
  const envelope = { specversion: "1.0", datacontenttype: "application/json", dataschema: null } as const;
  const rest = {
    source: "/comments",
    subject: "c1",
    correlationid: "1",
    traceparent: null,
    tombstone: false,
    data: {},
    position: id,
  };
  return { ...envelope, ...rest, id, type: `Type${id}`, time, causationid };
}

test("a chain is told from its beginning, with what each event was caused by", () => {
  const [first, second, third] = [event("1", 1_000), event("2", 1_024, "1"), event("3", 1_051, "2")];
  const path = { event: second, chain: [third, first, second] };
  expect(stopsOf(path)).toEqual([
    { event: first, after: 0, cause: undefined },
    { event: second, after: 24, cause: first },
    { event: third, after: 51, cause: second },
  ]);
});

test("an event whose chain has left the log stands alone", () => {
  const alone = event("9", 5_000, "gone");
  expect(stopsOf({ event: alone, chain: [] })).toEqual([{ event: alone, after: 0, cause: undefined }]);
});

test("of many attempts the first and the last are told, and how many there were between", () => {
  const attempts = Array.from({ length: 9 }, (_, index) => ({ time: `${index}` }) as Attempt);
  const { first, leftOut, last } = abridged(attempts);
  expect([first, leftOut, last].flat()).toEqual([...attempts.slice(0, 2), 5, ...attempts.slice(7)]);
  expect(abridged(attempts, 7).leftOut).toBe(12);
  for (const count of [1, 2, 3, 4]) {
    const few = abridged(attempts.slice(0, count), 2);
    expect([...few.first, few.leftOut, ...few.last]).toHaveLength(count + 1);
    expect(few.leftOut).toBe(2);
  }
  expect(abridged(attempts.slice(0, 5))).toEqual({ first: attempts.slice(0, 5), leftOut: 0, last: [] });
});
