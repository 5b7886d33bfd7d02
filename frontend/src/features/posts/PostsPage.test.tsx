import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { open, violations } from "../../testing/open.tsx";
import { post } from "../../testing/samples.ts";
import { down, fakeServices, json, never, problem } from "../../testing/services.ts";
import { asked as streams } from "../../testing/streams.ts";

const titles = () => screen.getAllByRole("heading", { level: 2 }).map((heading) => heading.textContent);

test("posts are listed with author, time and number of comments", async () => {
  fakeServices({
    "GET /posts": json([post({ commentCount: 2 }), post({ id: "p2", title: "Other", author: "" })]),
  });
  open("/");
  const [first, second] = await screen.findAllByRole("listitem");
  expect(first).toHaveTextContent("On orderFirst things first. Then the rest.Marit2 January 20262 comments");
  expect(second).toHaveTextContent("Anonymous");
  expect(within(first as HTMLElement).getByRole("link")).toHaveAttribute("href", "/post/p1");
  const time = within(first as HTMLElement).getByText("2 January 2026");
  expect(time).toHaveAttribute("datetime", "2026-01-02T10:00:00.000000Z");
  expect(time.dataset.exact).toContain("Friday, 2 January 2026 at");
  expect(time.tabIndex).toBe(-1);
  expect(await violations()).toEqual([]);
});

test("older posts are fetched through the answer's Link header", async () => {
  fakeServices({
    "GET /posts": json([post()], { headers: { link: '</posts?limit=20&before=abc>; rel="next"' } }),
    "GET /posts?before=abc": json([
      post({ id: "p0", title: "Older one", createdAt: "2025-12-01T10:00:00Z" }),
    ]),
  });
  const { user } = open("/");
  await user.click(await screen.findByRole("button", { name: "Older posts" }));
  await screen.findByText("Older one");
  expect(titles()).toEqual(["On order", "Older one"]);
  expect(screen.queryByRole("button", { name: "Older posts" })).not.toBeInTheDocument();
});

test("older posts that are on their way come, whatever changes meanwhile", async () => {
  const older = () => json([post({ id: "p0", title: "Older one", createdAt: "2025-12-01T10:00:00Z" })]);
  const link = '</posts?limit=20&before=abc>; rel="next"';
  let answer: ((response: Response) => void) | undefined;
  const { sent } = fakeServices({
    "GET /posts": () => json([post()], { headers: { link } }),
    "GET /posts?before=abc": () => (answer ? older() : new Promise((resolve) => (answer = resolve))),
  });
  const { user } = open("/");
  await user.click(await screen.findByRole("button", { name: "Older posts" }));
  const before = sent.length;
  act(() => streams.current.open());
  act(() => streams.current.say("post", { id: "p1" }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(sent.length).toBe(before);
  answer?.(older());
  await screen.findByText("Older one");
  await waitFor(() => expect(sent.length).toBeGreaterThan(before));
  expect(titles()).toEqual(["On order", "Older one"]);
});

test("while posts load the page says so", async () => {
  fakeServices({ "GET /posts": never });
  open("/");
  expect(screen.getByText("Loading posts")).toBeInTheDocument();
  expect(await violations()).toEqual([]);
});

test("an empty blog invites the first post", async () => {
  fakeServices({ "GET /posts": json([]) });
  open("/");
  expect(await screen.findByText("Nothing has been written yet")).toBeInTheDocument();
  expect(await violations()).toEqual([]);
});

test("when query is down the page names it and comes back on retry", async () => {
  const { rules } = fakeServices({ "GET /posts": () => down("query") });
  const { user } = open("/");
  expect(await screen.findByRole("alert", { name: "" })).toBeInTheDocument();
  expect(await screen.findByText(/The query service does not answer/)).toBeInTheDocument();
  expect(await violations()).toEqual([]);
  rules["GET /posts"] = json([post()]);
  await user.click(screen.getByRole("button", { name: "Try again now" }));
  expect(await screen.findByText("On order")).toBeInTheDocument();
});

test("while it tries again, what went wrong stands, and the keyboard stays where it was", async () => {
  const { rules } = fakeServices({ "GET /posts": () => down("query") });
  const { user } = open("/");
  const said = await screen.findByText(/The query service does not answer/);
  rules["GET /posts"] = never;
  await user.click(screen.getByRole("button", { name: "Try again now" }));
  expect(screen.getByRole("button", { name: "Trying…" })).toHaveFocus();
  expect(said).toBeInTheDocument();
  expect(screen.queryByText("Loading posts")).not.toBeInTheDocument();
  expect(await violations()).toEqual([]);
});

test("without any connection it says that too", async () => {
  fakeServices({});
  open("/");
  expect(await screen.findByText(/Blogbus cannot be reached/)).toBeInTheDocument();
});

test("a new post shows at once, being published, and then like any other", async () => {
  const fresh = post({
    id: "p9",
    title: "Fresh",
    body: "",
    author: "Ada",
    createdAt: new Date().toISOString(),
  });
  const { sent, rules } = fakeServices({
    "GET /posts": json([post()]),
    "POST /posts/create": json({ ...fresh, version: 1 }, { status: 201 }),
  });
  const { user } = open("/");
  await user.type(screen.getByLabelText("Title"), "Fresh");
  await user.type(screen.getByLabelText(/Your name/), "Ada");
  await user.click(screen.getByRole("button", { name: "Publish" }));
  expect(await screen.findByText("being published…")).toBeInTheDocument();
  await waitFor(() => expect(titles()).toEqual(["Fresh", "On order"]));
  expect(sent.find(({ call }) => call === "POST /posts/create")?.body).toEqual({
    title: "Fresh",
    body: "",
    author: "Ada",
  });
  expect(screen.getByLabelText("Title")).toHaveValue("");
  expect(screen.getByLabelText(/Your name/)).toHaveValue("Ada");
  expect(await violations()).toEqual([]);

  rules["GET /posts"] = json([fresh, post()]);
  await waitFor(() => expect(screen.queryByText("being published…")).not.toBeInTheDocument());
  expect(titles()).toEqual(["Fresh", "On order"]);
});

test("a post without a title is stopped beside the field and nothing is sent", async () => {
  const { sent } = fakeServices({ "GET /posts": json([]) });
  const { user } = open("/");
  await user.click(screen.getByRole("button", { name: "Publish" }));
  expect(screen.getByLabelText("Title")).toHaveAccessibleDescription("Give the post a title.");
  expect(screen.getByLabelText("Title")).toHaveFocus();
  expect(await violations()).toEqual([]);
  await user.type(screen.getByLabelText("Title"), "x");
  expect(screen.getByLabelText("Title")).not.toHaveAccessibleDescription();
  expect(sent.every(({ call }) => call.startsWith("GET"))).toBe(true);
});

test("a title that is too long is counted and stopped", async () => {
  fakeServices({ "GET /posts": json([]) });
  const { user } = open("/");
  await user.click(screen.getByLabelText("Title"));
  await user.paste("ä".repeat(203));
  await user.click(screen.getByRole("button", { name: "Publish" }));
  expect(screen.getByLabelText("Title")).toHaveAccessibleDescription(
    "That is 3 characters too many. 3 over the limit",
  );
});

test("what the service finds wrong is shown beside the field", async () => {
  fakeServices({
    "GET /posts": json([]),
    "POST /posts/create": problem(400, "Invalid.", [
      { field: "title", detail: "Null characters are not allowed." },
    ]),
  });
  const { user } = open("/");
  await user.type(screen.getByLabelText("Title"), "x");
  await user.click(screen.getByRole("button", { name: "Publish" }));
  await waitFor(() =>
    expect(screen.getByLabelText("Title")).toHaveAccessibleDescription("Null characters are not allowed."),
  );
  expect(screen.getByLabelText("Title")).toHaveFocus();
});

test("a send that fails keeps the draft, over a reload too, and can be sent again", async () => {
  const { rules } = fakeServices({ "GET /posts": json([]), "POST /posts/create": down("posts") });
  const first = open("/");
  await first.user.type(screen.getByLabelText("Title"), "Kept");
  await first.user.type(screen.getByLabelText(/Text/), "All of it");
  await first.user.click(screen.getByRole("button", { name: "Publish" }));
  expect(await screen.findByText(/The posts service does not answer/)).toBeInTheDocument();
  expect(await violations()).toEqual([]);
  first.unmount();

  const { user } = open("/");
  expect(screen.getByLabelText("Title")).toHaveValue("Kept");
  expect(screen.getByLabelText(/Text/)).toHaveValue("All of it");
  rules["POST /posts/create"] = json(post({ id: "p9", title: "Kept", createdAt: new Date().toISOString() }), {
    status: 201,
  });
  await user.click(screen.getByRole("button", { name: "Publish" }));
  expect(await screen.findByText("being published…")).toBeInTheDocument();
});

test("too many posts at once are asked to wait as long as the service says", async () => {
  const busy = problem(429, "Throttled.");
  busy.headers.set("retry-after", "7");
  fakeServices({ "GET /posts": json([]), "POST /posts/create": busy });
  const { user } = open("/");
  await user.type(screen.getByLabelText("Title"), "x");
  await user.click(screen.getByRole("button", { name: "Publish" }));
  expect(await screen.findByText(/Try again in 7 s/)).toBeInTheDocument();
});

test("Enter leads from the title to the text, and Ctrl with Enter publishes from there", async () => {
  const { sent } = fakeServices({
    "GET /posts": json([]),
    "POST /posts/create": json(post(), { status: 201 }),
  });
  const { user } = open("/");
  await user.type(await screen.findByLabelText("Title"), "On order{Enter}");
  expect(screen.getByLabelText(/^Text/)).toHaveFocus();
  await user.keyboard("One{Enter}Two");
  expect(sent.filter(({ call }) => call.startsWith("POST"))).toEqual([]);
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() =>
    expect(sent.find(({ call }) => call.startsWith("POST"))?.body).toEqual({
      title: "On order",
      body: "One\nTwo",
      author: "",
    }),
  );
});

test("Enter publishes from the last field", async () => {
  const { sent } = fakeServices({
    "GET /posts": json([]),
    "POST /posts/create": json(post(), { status: 201 }),
  });
  const { user } = open("/");
  await user.type(await screen.findByLabelText("Title"), "On order");
  await user.type(screen.getByLabelText("Your name"), "Marit{Enter}");
  await waitFor(() => expect(sent.some(({ call }) => call.startsWith("POST"))).toBe(true));
});

test("what is written while an earlier post is sent outlives its answer", async () => {
  let answer: (response: Response) => void = () => {};
  fakeServices({
    "GET /posts": json([post()]),
    "GET /posts/p1": json(post()),
    "POST /posts/create": () => new Promise((resolve) => (answer = resolve)),
  });
  const { user } = open("/");
  await user.type(await screen.findByLabelText("Title"), "The first");
  await user.click(screen.getByRole("button", { name: "Publish" }));
  await user.click(await screen.findByRole("link", { name: post().title }));
  await user.click(await screen.findByRole("link", { name: "All posts" }));
  const title = await screen.findByLabelText("Title");
  await user.clear(title);
  await user.type(title, "The second");
  const sent = { ...post(), id: "p9", title: "The first", createdAt: new Date().toISOString() };
  answer(json(sent, { status: 201 }));
  expect(await screen.findByRole("link", { name: "The first" })).toBeInTheDocument();
  expect(screen.getByLabelText("Title")).toHaveValue("The second");
});
