import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { open, violations } from "../../testing/open.tsx";
import { fakeServices, json } from "../../testing/services.ts";

const POST = { id: "5f3a9c1b", title: "hi", comments: [{ id: "0c", content: "hello", status: "approved" }] };
const KEYED = { [POST.id]: POST };
const unknownPath = () => new Response("<pre>Cannot GET</pre>", { status: 404 });
const text = (body: string, status = 200) => new Response(body, { status });

test.each([
  ["an object keyed by id", KEYED],
  ["a list without times", [POST]],
  [
    "times of other kinds",
    [
      { ...POST, createdAt: "yesterday" },
      { id: "b", title: "b", createdAt: 5 },
    ],
  ],
  ["nulls", [{ ...POST, body: null, author: null, createdAt: null, commentCount: null, version: null }]],
  ["comments of other kinds", [{ ...POST, comments: [null, {}, { status: 3 }, ...POST.comments] }]],
])("the blog and the post are shown where the posts are %s", async (_, posts) => {
  fakeServices({ "GET /posts": json(posts), [`GET /posts/${POST.id}`]: unknownPath });
  const blog = open("/");
  expect(await screen.findByRole("link", { name: "hi" })).toHaveAttribute("href", `/post/${POST.id}`);
  expect(document.body).not.toHaveTextContent(/invalid|undefined|null|NaN/i);
  expect(await violations()).toEqual([]);
  blog.unmount();

  open(`/post/${POST.id}`);
  expect(await screen.findByRole("heading", { level: 1, name: "hi" })).toBeInTheDocument();
  expect(await screen.findByText("hello")).toBeInTheDocument();
  expect(document.body).not.toHaveTextContent(/invalid|undefined|null|NaN/i);
  expect(await violations()).toEqual([]);
});

test.each([
  ["no JSON", () => text("OK")],
  ["nothing", () => text("")],
  ["null", () => json(null)],
  ["a number", () => json(5)],
])("where query answers %s the page says so", async (_, answer) => {
  fakeServices({ "GET /posts": answer, "GET /posts/p1": answer });
  const blog = open("/");
  expect(await screen.findByText(/is no list of posts/)).toBeInTheDocument();
  blog.unmount();
  open("/post/p1");
  expect(await screen.findByText(/is no list of posts/)).toBeInTheDocument();
});

test("a post that stands in no list does not exist", async () => {
  fakeServices({ "GET /posts": json(KEYED), "GET /posts/nope": unknownPath });
  open("/post/nope");
  expect(await screen.findByRole("heading", { name: "Page not found" })).toBeInTheDocument();
});

test.each([
  ["without a time", () => json({ id: POST.id, title: "hi" }, { status: 201 })],
  ["as all posts there are", () => json({ a: { id: "a", title: "older" }, ...KEYED }, { status: 201 })],
])("a post that is answered %s shows at once", async (_, answer) => {
  const { rules } = fakeServices({ "GET /posts": json({}), "POST /posts/create": answer });
  const { user } = open("/");
  await user.type(screen.getByLabelText("Title"), "hi");
  await user.click(screen.getByRole("button", { name: "Publish" }));
  expect(await screen.findByRole("link", { name: "hi" })).toHaveAttribute("href", `/post/${POST.id}`);
  rules["GET /posts"] = json(KEYED);
  await waitFor(() => expect(screen.queryByText("being published…")).not.toBeInTheDocument());
  expect(screen.getAllByRole("link", { name: "hi" })).toHaveLength(1);
});

test.each([
  ["says nothing", () => text("", 201)],
  ["is no JSON", () => text("Created", 201)],
  ["is a status", () => json({ status: "OK" }, { status: 201 })],
])("a post whose answer %s is taken, and shows when query has it", async (_, answer) => {
  const { rules } = fakeServices({ "GET /posts": json({}), "POST /posts/create": answer });
  const { user } = open("/");
  await user.type(screen.getByLabelText("Title"), "hi");
  rules["GET /posts"] = json(KEYED);
  await user.click(screen.getByRole("button", { name: "Publish" }));
  expect(await screen.findByRole("link", { name: "hi" })).toBeInTheDocument();
  expect(screen.getByLabelText("Title")).toHaveValue("");
});

test("a comment that is answered as the post's whole list is this reader's own, and turns", async () => {
  const mine = { id: "1d", content: "mine", status: "pending" };
  const { rules } = fakeServices({
    "GET /posts": json(KEYED),
    [`GET /posts/${POST.id}`]: unknownPath,
    [`POST /posts/${POST.id}/comments`]: json([...POST.comments, mine], { status: 201 }),
  });
  const { user } = open(`/post/${POST.id}`);
  await user.type(await screen.findByLabelText("Comment"), "mine");
  await user.click(screen.getByRole("button", { name: "Send" }));
  expect(await screen.findByText("mine", { selector: "p" })).toBeInTheDocument();
  expect(screen.getByText(/Waiting for moderation/)).toBeInTheDocument();
  const seen = (status: string) =>
    json({ [POST.id]: { ...POST, comments: [...POST.comments, { ...mine, status }] } });
  rules["GET /posts"] = seen("rejected");
  expect(await screen.findByText(/Rejected\./)).toBeInTheDocument();
  expect(screen.getByText("mine", { selector: "p" })).toBeInTheDocument();
});
