import { expect, test } from "vitest";
import { postIn, postsIn, writtenIn } from "./blog.ts";

const BARE = {
  title: "Untitled",
  body: "",
  author: "",
  createdAt: null,
  commentCount: 0,
  comments: [],
};

test.each([
  ["nothing but an id", { id: "5f3a9c1b" }, { id: "5f3a9c1b" }],
  ["an id that is a number", { id: 7, title: 8 }, { id: "7", title: "8" }],
  [
    "nulls",
    { id: "p1", title: null, body: null, author: null, createdAt: null, comments: null },
    { id: "p1" },
  ],
  ["a title that shows nothing", { id: "p1", title: "\u200b" }, { id: "p1" }],
  ["values of other types", { id: "p1", title: {}, body: [], author: true, comments: "x" }, { id: "p1" }],
  ["a time in words", { id: "p1", createdAt: "yesterday" }, { id: "p1" }],
  ["a time out of range", { id: "p1", createdAt: 1e18 }, { id: "p1" }],
  ["a time in milliseconds", { id: "p1", createdAt: 0 }, { id: "p1", createdAt: "1970-01-01T00:00:00.000Z" }],
  ["a count that is none", { id: "p1", commentCount: -1 }, { id: "p1" }],
  ["more than we know", { id: "p1", version: "x", claps: [], __proto__: null }, { id: "p1" }],
])("a post with %s is a post", (_, sent, expected) => {
  expect(postIn(sent)).toEqual({ ...BARE, ...expected });
});

test.each([
  ["in an array", [{ id: "c1", content: "hello", status: "approved" }]],
  ["keyed by id", { c1: { content: "hello", status: "approved" } }],
  ["twice", [{ id: "c1" }, { id: "c1", content: "hello", status: "approved" }]],
  ["among others", [null, "x", 1, [], { id: "c1", content: "hello", status: "approved", likes: 3 }]],
])("its comments may stand %s", (_, comments) => {
  expect(postIn({ id: "p1", comments })?.comments).toEqual([
    { id: "c1", content: "hello", author: "", status: "approved", reason: null, createdAt: null },
  ]);
});

test.each(["pending", "rejected", "held", "APPROVED", 1, null, undefined])(
  "a comment whose status is %j shows neither its text nor its author",
  (status) => {
    const [comment] =
      postIn({ id: "p1", comments: [{ content: "orange", author: "Eve", status }] })?.comments ?? [];
    expect(comment).toMatchObject({ content: null, author: null });
    expect(["pending", "rejected"]).toContain(comment?.status);
  },
);

test.each([
  ["a page", [{ id: "b" }, { id: "a" }], ["b", "a"]],
  ["an object keyed by id, the newest last", { a: { id: "a" }, b: { id: "b" } }, ["b", "a"]],
  ["an object whose posts name no id", { a: { title: "A" }, b: { title: "B" } }, ["b", "a"]],
  ["a list in an envelope", { posts: [{ id: "a" }], next: null, meta: { page: 1 } }, ["a"]],
  ["a list with holes and repeats", [null, { id: "a" }, "x", {}, { title: "no id" }, { id: "a" }], ["a"]],
  ["nothing, as an object", {}, []],
  ["nothing, as a list", [], []],
])("posts come as %s", (_, answer, ids) => {
  expect(postsIn(answer)?.map(({ id }) => id)).toEqual(ids);
});

test.each([[null], ["<pre>Cannot GET /posts</pre>"], [42], [true], [undefined]])(
  "%j is no list of posts",
  (answer) => {
    expect(postsIn(answer)).toBeNull();
  },
);

test.each([
  ["the comment", { id: "c2", content: "hello" }, "c2"],
  ["the comment, changed on its way", [{ id: "c2", content: "Hello." }], "c2"],
  [
    "the whole list",
    [
      { id: "c1", content: "hello" },
      { id: "c2", content: "hello" },
      { id: "c3", content: "x" },
    ],
    "c2",
  ],
  ["all, keyed by id", { c1: { content: "x" }, c2: { content: "hello" } }, "c2"],
  [
    "a list in an envelope",
    {
      comments: [
        { id: "c1", content: "x" },
        { id: "c2", content: "hello" },
      ],
    },
    "c2",
  ],
  ["a status", { status: "OK" }, undefined],
  ["another thing", { data: { done: true } }, undefined],
  ["nothing", null, undefined],
])("where the answer to a write is %s, the page finds what was written", (_, answer, id) => {
  const written = writtenIn(answer, ({ content }) => content === "hello");
  expect(written?.id).toBe(id);
  if (written) expect(new Date(written.createdAt).getTime()).not.toBeNaN();
});
