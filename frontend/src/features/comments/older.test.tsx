import { act, render, screen, waitFor } from "@testing-library/react";
import { BrowserRouter } from "react-router";
import { expect, test } from "vitest";
import { App } from "../../app/App.tsx";
import { open, violations } from "../../testing/open.tsx";
import { comment, post } from "../../testing/samples.ts";
import { down, fakeServices, json, never, problem } from "../../testing/services.ts";
import { asked as streams } from "../../testing/streams.ts";

const READ = "GET /posts/p1";
const before = (id: string) => `GET /posts/p1/thread?before=${id}&limit=100`;
const MORE = { headers: { link: '</posts/p1/thread?before=x&limit=100>; rel="next"' } };

/** c1 … c<last>, one each minute. */
function numbered(first: number, last: number) {
  return Array.from({ length: last - first + 1 }, (_, place) => {
    const number = first + place;
    const createdAt = new Date(Date.UTC(2026, 0, 2, 0, number)).toISOString();
    return comment({ id: `c${number}`, content: `No. ${number}`, createdAt });
  });
}

const embedded = (first: number, last: number, commentCount = last) =>
  json(post({ comments: numbered(first, last), commentCount }));
/** As the service answers: newest first. */
const page = (first: number, last: number, init: ResponseInit = {}) =>
  json(numbered(first, last).reverse(), init);
const shown = () =>
  screen.getAllByRole("listitem").map((item) => (item as HTMLElement).dataset.comment?.slice(1));
const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, place) => `${first + place}`);

test("older comments come in above, are told, and the focus goes to the one just above what was read", async () => {
  fakeServices({
    [READ]: embedded(111, 115),
    [before("c111")]: page(11, 110, MORE),
    [before("c11")]: page(1, 10),
  });
  const { user } = open("/post/p1");
  await screen.findByText("These are the newest 5.");
  expect(await violations()).toEqual([]);

  await user.click(screen.getByRole("button", { name: "Show older comments" }));
  expect(await screen.findByText("100 older comments are shown.")).toHaveAttribute("role", "status");
  expect(shown()).toEqual(range(11, 115));
  expect(document.activeElement).toHaveTextContent("No. 110");
  expect(screen.getByText("These are the newest 105.")).toBeInTheDocument();

  await user.click(screen.getByRole("button", { name: "Show older comments" }));
  await screen.findByText("10 older comments are shown.");
  expect(shown()).toEqual(range(1, 115));
  expect(screen.queryByRole("button", { name: "Show older comments" })).not.toBeInTheDocument();
  expect(screen.getByRole("heading", { level: 2 })).toHaveTextContent("115 comments");
});

test("new comments leave no gap to the older ones, and what was shown stays", async () => {
  const { rules } = fakeServices({ [READ]: embedded(11, 60), [before("c11")]: page(1, 10) });
  const { user } = open("/post/p1");
  await user.click(await screen.findByRole("button", { name: "Show older comments" }));
  await screen.findByText("No. 1");
  act(() => streams.current.open());

  rules[READ] = embedded(21, 70);
  rules[before("c21")] = page(1, 20);
  act(() => streams.current.say("post", { id: "p1" }));
  await screen.findByText("No. 70");
  expect(shown()).toEqual(range(1, 70));
});

test("new comments push none of those out that are on the page, and bring no older ones", async () => {
  const { rules } = fakeServices({ [READ]: embedded(111, 115) });
  open("/post/p1");
  await screen.findByText("No. 111");
  act(() => streams.current.open());

  rules[READ] = embedded(116, 120);
  rules[before("c116")] = page(16, 115, MORE);
  act(() => streams.current.say("post", { id: "p1" }));
  await screen.findByText("No. 120");
  expect(shown()).toEqual(range(111, 120));
});

test("a verdict on an older comment, and its removal, show as they come", async () => {
  const { rules } = fakeServices({ [READ]: embedded(4, 53), [before("c4")]: page(1, 3) });
  const { user } = open("/post/p1");
  await user.click(await screen.findByRole("button", { name: "Show older comments" }));
  await screen.findByText("No. 2");
  act(() => streams.current.open());

  const [, second, third] = numbered(1, 3);
  rules[READ] = embedded(4, 53, 52);
  rules[before("c4")] = json([third, { ...second, content: null, status: "rejected" }]);
  act(() => streams.current.say("post", { id: "p1" }));
  await screen.findByText("This comment was rejected.");
  expect(screen.queryByText("No. 2")).not.toBeInTheDocument();
  expect(shown()).toEqual(range(2, 53));
  expect(screen.getByRole("heading", { level: 2 })).toHaveTextContent("52 comments");
});

test("older comments show while one writes, and new ones of others still wait", async () => {
  const { rules } = fakeServices({ [READ]: embedded(4, 53), [before("c4")]: page(1, 3) });
  const { user } = open("/post/p1");
  await user.type(await screen.findByLabelText("Comment"), "I say");
  await user.click(screen.getByRole("button", { name: "Show older comments" }));
  await screen.findByText("No. 1");
  expect(screen.queryByRole("button", { name: /Show 3 new/ })).not.toBeInTheDocument();

  rules[READ] = embedded(5, 54);
  rules[before("c5")] = page(1, 4);
  act(() => streams.current.open());
  await screen.findByRole("button", { name: "Show 1 new comment" });
  expect(shown()).toEqual(range(1, 53));
});

test("where the older comments can't be read the page says so, goes on trying, and takes the focus from nobody", async () => {
  const { rules } = fakeServices({ [READ]: embedded(4, 53), [before("c4")]: down("query") });
  const { user } = open("/post/p1");
  await user.click(await screen.findByRole("button", { name: "Show older comments" }));
  await screen.findByText(/The query service does not answer/);
  await user.type(screen.getByLabelText("Comment"), "Meanwhile");
  rules[before("c4")] = page(1, 3);
  await screen.findByText("No. 1");
  expect(screen.getByLabelText("Comment")).toHaveFocus();
});

test("where query is another's and has no such door, there are no older comments", async () => {
  const unknownPath = () => new Response("<pre>Cannot GET</pre>", { status: 404 });
  fakeServices({ [READ]: embedded(4, 53), [before("c4")]: unknownPath });
  const { user } = open("/post/p1");
  await user.click(await screen.findByRole("button", { name: "Show older comments" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: /older/ })).not.toBeInTheDocument());
  expect(shown()).toEqual(range(4, 53));
});

test("an address names a comment: the page marks it, and goes there", async () => {
  fakeServices({ [READ]: embedded(1, 10) });
  open("/post/p1#c7");
  await waitFor(() => expect(document.activeElement).toHaveTextContent("No. 7"));
  expect(document.activeElement).toHaveAttribute("aria-current", "location");
  expect(await violations()).toEqual([]);
});

test("the comment that an address names is fetched, however old it is", async () => {
  const [target] = numbered(5, 5);
  fakeServices({
    [READ]: embedded(211, 215),
    "GET /posts/p1/thread/c5": json(target),
    [before("c211")]: page(111, 210, MORE),
    [before("c111")]: page(11, 110, MORE),
    [before("c11")]: page(1, 10),
  });
  open("/post/p1#c5");
  await waitFor(() => expect(document.activeElement).toHaveTextContent("No. 5"));
  expect(shown()).toEqual(range(5, 215));
});

test("an address that comes to name another comment while one is fetched does not wait for that one", async () => {
  const [first, second] = [...numbered(5, 5), ...numbered(7, 7)];
  const { rules, sent } = fakeServices({
    [READ]: embedded(11, 60),
    "GET /posts/p1/thread/c5": never,
    "GET /posts/p1/thread/c7": json(second),
    [before("c11")]: page(1, 10),
  });
  window.history.replaceState(null, "", "/post/p1");
  render(
    <BrowserRouter>
      <App />
    </BrowserRouter>,
  );
  await screen.findByText("No. 60");
  act(() => streams.current.open());
  act(() => window.location.assign("#c5"));
  await waitFor(() => expect(sent.map(({ call }) => call)).toContain("GET /posts/p1/thread/c5"));
  rules["GET /posts/p1/thread/c5"] = json(first);
  act(() => window.location.assign("#c7"));
  await waitFor(() => expect(document.activeElement).toHaveTextContent("No. 7"));
  window.history.replaceState(null, "", "/");
});

test("the comment of an address that is not here is said to be gone, and shown when it arrives after all", async () => {
  const { rules } = fakeServices({
    [READ]: embedded(11, 60),
    "GET /posts/p1/thread/nope": problem(404, "There is no comment nope on post p1 here."),
  });
  open("/post/p1#nope");
  await screen.findByText(/The comment that this address names is not here/);
  expect(screen.getByRole("heading", { level: 2 })).toHaveFocus();
  expect(shown()).toEqual(range(11, 60));
  expect(await violations()).toEqual([]);

  const late = comment({ id: "nope", content: "Late", createdAt: "2026-01-03T10:00:00Z" });
  rules[READ] = json(post({ comments: [...numbered(12, 60), late], commentCount: 61 }));
  rules[before("c12")] = page(1, 11);
  act(() => streams.current.open());
  await screen.findByText("Late");
  expect(screen.queryByText(/that this address names/)).not.toBeInTheDocument();
});

test("the permalinks of a thread are one stop of the tab key, and the arrows lead from one to the next", async () => {
  fakeServices({ [READ]: embedded(1, 10) });
  const { user } = open("/post/p1");
  await screen.findByText("No. 10");
  screen.getByLabelText("Comment").focus();
  await user.tab({ shift: true });
  expect(document.activeElement).toHaveAttribute("href", "/post/p1#c10");
  await user.keyboard("{ArrowUp}{ArrowUp}");
  expect(document.activeElement).toHaveAttribute("href", "/post/p1#c8");
  await user.tab();
  expect(screen.getByLabelText("Comment")).toHaveFocus();
  await user.tab({ shift: true });
  await user.keyboard("{Enter}");
  expect(screen.getByTestId("address")).toHaveTextContent("/post/p1#c8");
  await waitFor(() => expect(document.querySelector('[aria-current="location"]')).toHaveTextContent("No. 8"));
});
