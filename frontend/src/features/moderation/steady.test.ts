import { expect, test } from "vitest";
import { decided, judged } from "../../testing/judged.ts";
import { countNews, gone, steady } from "./steady.ts";

const at = (day: number, changes = {}) =>
  judged({ id: `c${day}`, createdAt: `2026-01-0${day}T00:00:00Z`, ...changes });
const ids = (comments: { id: string }[]) => comments.map(({ id }) => id);

test("what was shown keeps its place, older ones follow, newer ones wait", () => {
  const shown = [at(6), at(4)];
  const fresh = [at(7), at(6), at(5), at(3), at(2)];
  const next = steady(shown, fresh);
  expect(ids(next)).toEqual(["c6", "c4", "c3", "c2"]);
  expect(countNews(next, fresh)).toBe(2);
});

test("a decision taken here is not undone by an answer that is older than it", () => {
  const here = at(4, { ...decided("approved"), id: "c4" });
  expect(steady([here], [at(4)])).toEqual([here]);
});

test("a decision taken elsewhere is shown", () => {
  const again = at(4, { status: "rejected", version: 2 });
  expect(steady([at(4, { version: 1 })], [again])).toEqual([again]);
});

test("a text that its author edits does not change under the eyes of who reads it", () => {
  const read = at(4, { version: 1 });
  expect(steady([read], [at(4, { version: 2, content: "another text" })])).toEqual([read]);
});

test("what is missing has left, but not what may only have been pushed off the end of a list that goes on", () => {
  const shown = [at(6), at(5), at(4), at(3)];
  const fresh = [at(7), at(6), at(4)];
  expect([...gone(shown, fresh, false)]).toEqual(["c5", "c3"]);
  expect([...gone(shown, fresh, true)]).toEqual(["c5"]);
  expect([...gone(shown, [at(8), at(7)], true)]).toEqual([]);
});
