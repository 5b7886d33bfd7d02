import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { open, violations } from "../../testing/open.tsx";
import { comment, post } from "../../testing/samples.ts";
import { down, fakeServices, json, never, problem } from "../../testing/services.ts";

test("a post shows its text in paragraphs and its comments, oldest first", async () => {
  const comments = [
    comment({ id: "c2", content: "second", createdAt: "2026-01-03T10:00:00Z" }),
    comment({ id: "c1", content: "first" }),
  ];
  fakeServices({ "GET /posts/p1": json(post({ comments })) });
  open("/post/p1");
  expect(await screen.findByRole("heading", { level: 1, name: "On order" })).toBeInTheDocument();
  expect((await screen.findByText("Then the rest.")).tagName).toBe("P");
  expect(screen.getByRole("heading", { level: 2 })).toHaveTextContent("2 comments");
  expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
    "Ines 2 January 2026first",
    "Ines 3 January 2026second",
  ]);
  expect(document.title).toBe("On order · Blogbus");
  const heads = (query: string) => [...document.head.querySelectorAll(query)].map((each) => each.outerHTML);
  expect(heads("meta[name=description]")).toEqual([expect.stringContaining("Then the rest.")]);
  expect(heads("link[rel=canonical]")).toEqual([
    '<link rel="canonical" href="http://localhost:3000/post/p1">',
  ]);
  expect(await violations()).toEqual([]);
});

test("the link from the list opens the post without waiting and moves the focus along", async () => {
  fakeServices({ "GET /posts": json([post()]), "GET /posts/p1": never });
  const { user } = open("/");
  await user.click(await screen.findByRole("link", { name: "On order" }));
  expect(screen.getByRole("heading", { level: 1, name: "On order" })).toBeInTheDocument();
  expect(screen.getByRole("main")).toHaveFocus();
});

test("an own post that query does not know yet shows as being published", async () => {
  const fresh = post({ id: "p9", title: "Fresh", createdAt: new Date().toISOString() });
  const { rules } = fakeServices({
    "GET /posts": json([]),
    "POST /posts/create": json(fresh, { status: 201 }),
    "GET /posts/p9": problem(404, "Not found."),
  });
  const { user } = open("/");
  await user.type(screen.getByLabelText("Title"), "Fresh");
  await user.click(screen.getByRole("button", { name: "Publish" }));
  await user.click(await screen.findByRole("link", { name: "Fresh" }));
  expect(screen.getByRole("heading", { level: 1, name: "Fresh" })).toBeInTheDocument();
  expect(screen.getByText("being published…")).toBeInTheDocument();
  expect(await violations()).toEqual([]);
  rules["GET /posts/p9"] = json(fresh);
  await waitFor(() => expect(screen.queryByText("being published…")).not.toBeInTheDocument());
});

test("while the post loads the page says so", async () => {
  fakeServices({ "GET /posts/p1": never });
  open("/post/p1");
  expect(screen.getByText("Loading the post")).toBeInTheDocument();
  expect(await violations()).toEqual([]);
});

test("a post that does not exist says so", async () => {
  fakeServices({ "GET /posts/nope": problem(404, "Not found.") });
  open("/post/nope");
  expect(await screen.findByRole("heading", { level: 1, name: "Page not found" })).toBeInTheDocument();
  expect(await violations()).toEqual([]);
});

test("an address that is no page says so", async () => {
  fakeServices({});
  open("/elsewhere/entirely");
  expect(screen.getByRole("heading", { level: 1, name: "Page not found" })).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "All posts" })).toHaveAttribute("href", "/");
  expect(await violations()).toEqual([]);
});

test("when query is down the page names it and comes back on retry", async () => {
  const { rules } = fakeServices({ "GET /posts/p1": () => down("query") });
  const { user } = open("/post/p1");
  expect(await screen.findByText(/The query service does not answer/)).toBeInTheDocument();
  expect(await violations()).toEqual([]);
  rules["GET /posts/p1"] = json(post());
  await user.click(screen.getByRole("button", { name: "Try again now" }));
  expect(await screen.findByRole("heading", { level: 1, name: "On order" })).toBeInTheDocument();
});

test("a post that was read stays when query goes down, and the page says that it may be out of date", async () => {
  const { rules } = fakeServices({ "GET /posts/p1": json(post()) });
  open("/post/p1");
  await screen.findByRole("heading", { level: 1, name: "On order" });
  rules["GET /posts/p1"] = () => down("query");
  expect(await screen.findByText(/may be out of date/)).toBeInTheDocument();
  expect(screen.getByRole("heading", { level: 1, name: "On order" })).toBeInTheDocument();
  expect(await violations()).toEqual([]);
});

test("who holds an operator's token finds the events of a post and of each comment", async () => {
  localStorage.setItem("blogbus:operator-token", '"s3cret"');
  fakeServices({ "GET /posts/p1": json(post({ comments: [comment()] })) });
  open("/post/p1");
  const link = await screen.findByRole("link", { name: "Events of this post" });
  expect(link).toHaveAttribute("href", "/flow?subject=p1");
  expect(screen.getByRole("link", { name: "Events of this comment" })).toHaveAttribute(
    "href",
    "/flow?subject=c1",
  );
  expect(await violations()).toEqual([]);
});
