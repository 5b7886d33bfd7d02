import { screen, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { decided, judged } from "../../testing/judged.ts";
import { open, violations } from "../../testing/open.tsx";
import { post } from "../../testing/samples.ts";
import { down, fakeServices, json, never } from "../../testing/services.ts";

const DECIDE = "POST /moderation/decisions";
const NAMES = ["Ada", "Ben", "Cem", "Dov"];

beforeEach(() => localStorage.setItem("blogbus:moderator-token", '"s3cret"'));

const held = NAMES.map((author, at) =>
  judged({ id: author, author, createdAt: `2026-01-0${9 - at}T11:00:00Z` }),
);

function openDesk(rules: Parameters<typeof fakeServices>[0] = {}) {
  const services = fakeServices({
    "GET /moderation/counts": json({ pending: 4, approved: 0, rejected: 0 }),
    "GET /moderation/comments?status=pending": json(held),
    "GET /posts/p1": json(post()),
    ...rules,
  });
  return { ...services, ...open("/moderate") };
}

const rows = () => screen.findAllByRole("article");
const selected = async () => {
  const boxes = screen.getAllByRole("checkbox", { name: "Select" });
  return NAMES.filter((_, at) => (boxes[at] as HTMLInputElement).checked);
};
const sentTo = (sent: { call: string; body: unknown }[]) =>
  sent.filter(({ call }) => call === DECIDE).map(({ body }) => body);

test("keys select comments and a range of them, and what is selected is rejected with one reason", async () => {
  const results = ["Ben", "Cem", "Dov"].map((id) => {
    const comment = decided("rejected", { id, author: id, reason: "Advertising." });
    return { id, outcome: "decided", detail: null, comment };
  });
  const { user, sent } = openDesk({ [DECIDE]: json({ results }) });
  await rows();
  await user.keyboard("jxjxjjX");
  expect(await selected()).toEqual(["Ada", "Ben", "Cem", "Dov"]);
  expect(screen.getByText("4 selected")).toBeInTheDocument();
  await user.keyboard("kkkx");
  expect(await selected()).toEqual(["Ben", "Cem", "Dov"]);
  expect(await violations()).toEqual([]);

  await user.keyboard("r");
  await user.click(screen.getByRole("button", { name: "Advertising." }));
  await user.keyboard("{Enter}");
  expect(await screen.findByText("3 comments rejected.")).toHaveAttribute("role", "status");
  expect(screen.queryByRole("region", { name: "Selected comments" })).not.toBeInTheDocument();
  expect((await rows())[3]).toHaveTextContent("Rejected by a moderator");
  expect(sentTo(sent)).toEqual([
    {
      decisions: ["Ben", "Cem", "Dov"].map((id) => ({
        id,
        version: 0,
        status: "rejected",
        reason: "Advertising.",
      })),
    },
  ]);
});

test("what somebody else decided meanwhile stays selected, and its row says what happened", async () => {
  const detail = "ann has rejected this comment meanwhile. Look at it again.";
  const comment = decided("rejected", { id: "Ben", author: "Ben", moderator: "ann" });
  const { user, rules, sent } = openDesk({
    [DECIDE]: json({
      results: [
        { id: "Ada", outcome: "decided", detail: null, comment: decided("approved", { id: "Ada" }) },
        { id: "Ben", outcome: "meanwhile", detail, comment },
      ],
    }),
  });
  const boxes = async () => screen.findAllByRole("checkbox", { name: "Select" });
  await user.click((await boxes())[0] as HTMLElement);
  await user.keyboard("{Shift>}");
  await user.click((await boxes())[1] as HTMLElement);
  await user.keyboard("{/Shift}");
  await user.click(
    within(screen.getByRole("region", { name: "Selected comments" })).getByRole("button", {
      name: "Approve",
    }),
  );
  expect(
    await screen.findByText("1 comment approved. 1 comment changed meanwhile: look again."),
  ).toBeInTheDocument();
  expect((await rows())[1]).toHaveTextContent(`This was not saved. ${detail}`);
  expect((await rows())[1]).toHaveTextContent("Rejected by ann");
  expect(await selected()).toEqual(["Ben"]);

  const again = decided("approved", { id: "Ben", author: "Ben", version: 2 });
  rules[DECIDE] = json({ results: [{ id: "Ben", outcome: "decided", detail: null, comment: again }] });
  await user.keyboard("a");
  expect(await screen.findByText("1 comment approved.")).toBeInTheDocument();
  expect(sentTo(sent)[1]).toEqual({
    decisions: [{ id: "Ben", version: 1, status: "approved", reason: null }],
  });
});

test("all are selected by a button and none by Escape; a failure keeps what is selected", async () => {
  const { user } = openDesk({ [DECIDE]: down("moderation") });
  await rows();
  await user.click(screen.getByRole("button", { name: "Select all" }));
  expect(await selected()).toEqual(NAMES);
  await user.keyboard("a");
  expect(
    await screen.findByText("The moderation service does not answer. Perhaps this was not saved: try again."),
  ).toHaveAttribute("role", "alert");
  expect(await selected()).toEqual(NAMES);
  await user.keyboard("{Escape}");
  expect(await selected()).toEqual([]);
  expect(screen.getByText("Nothing is selected.")).toHaveAttribute("role", "status");
});

test("what is selected while an answer is on its way stays so, and nothing is sent twice", async () => {
  let answer: (response: Response) => void = () => {};
  const { user, sent } = openDesk({ [DECIDE]: () => new Promise((resolve) => (answer = resolve)) });
  await rows();
  await user.keyboard("jxjxajxa");
  expect(screen.getByText("3 selected")).toBeInTheDocument();
  const results = ["Ada", "Ben"].map((id) => {
    return { id, outcome: "decided", detail: null, comment: decided("approved", { id, author: id }) };
  });
  answer(json({ results }));
  expect(await screen.findByText("2 comments approved.")).toBeInTheDocument();
  expect(await selected()).toEqual(["Cem"]);
  expect(sentTo(sent)).toHaveLength(1);
});

test("a rejection that was begun ends with the selection", async () => {
  const { user } = openDesk();
  await rows();
  await user.keyboard("jxr");
  const bar = () => screen.getByRole("region", { name: "Selected comments" });
  expect(within(bar()).getByLabelText("Reason")).toHaveFocus();
  await user.click(screen.getAllByRole("checkbox", { name: "Select" })[0] as HTMLElement);
  await user.keyboard("jx");
  expect(within(bar()).queryByLabelText("Reason")).not.toBeInTheDocument();
});

test("a button that goes leaves the keyboard in the last row that was selected", async () => {
  const { user } = openDesk();
  const [, second] = await rows();
  await user.keyboard("jxjxr");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(second).toHaveFocus();
  expect(screen.getByText("2 selected")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Clear" }));
  expect(second).toHaveFocus();
  await user.keyboard("xk{Escape}");
  expect(await selected()).toEqual([]);
  expect((await rows())[0]).toHaveFocus();
});

test("Escape in a row's form closes the form, and what is selected stays so", async () => {
  const { user } = openDesk();
  const [first] = await rows();
  await user.keyboard("jx");
  await user.click(within(first as HTMLElement).getByRole("button", { name: "Reject…" }));
  within(first as HTMLElement)
    .getByRole("button", { name: "Cancel" })
    .focus();
  await user.keyboard("{Escape}");
  expect(screen.queryByLabelText("Reason")).not.toBeInTheDocument();
  expect(first).toHaveFocus();
  expect(await selected()).toEqual(["Ada"]);
});

test("a hundred are selected at once, and the desk says that there can be no more", async () => {
  const many = Array.from({ length: 101 }, (_, at) => judged({ id: `c${at}` }));
  const { user } = openDesk({ "GET /moderation/comments?status=pending": json(many) });
  await rows();
  await user.click(screen.getByRole("button", { name: "Select all" }));
  expect(screen.getByText("100 selected, the most at once")).toBeInTheDocument();
  await user.click(screen.getAllByRole("checkbox", { name: "Select" })[0] as HTMLElement);
  expect(screen.getByText("99 selected")).toBeInTheDocument();
});

test("a filter, a search and the order stand in the address, and each can be left", async () => {
  const { user, sent } = openDesk({
    "GET /moderation/counts?q=cheap%20trains": never,
    "GET /moderation/comments?status=pending&q=cheap%20trains": json([]),
    "GET /moderation/counts?q=cheap%20trains&rule=link": never,
    "GET /moderation/comments?status=pending&q=cheap%20trains&rule=link": json([]),
    "GET /moderation/comments?status=pending&order=oldest&q=cheap%20trains&rule=link": json([held[3]]),
  });
  await rows();
  await user.keyboard("/cheap trains{Enter}");
  expect(await screen.findByText("No such comments")).toBeInTheDocument();
  expect(await violations()).toEqual([]);
  await user.selectOptions(screen.getByRole("combobox", { name: "Rule" }), "Links");
  await user.selectOptions(screen.getByRole("combobox", { name: "Order" }), "Oldest first");
  expect((await rows())[0]).toHaveTextContent("Dov");
  expect(screen.getByTestId("address")).toHaveTextContent("/moderate?order=oldest&q=cheap+trains&rule=link");
  await user.clear(screen.getByRole("searchbox"));
  expect(screen.getByTestId("address")).toHaveTextContent("/moderate?order=oldest&rule=link");
  expect(sent.some(({ call }) => call.includes("order=oldest&q"))).toBe(true);
});

test("one key opens all comments of an author, with the keyboard in them, and one the thread around a comment", async () => {
  const earlier = decided("approved", { id: "e1", author: "Eve", content: "before it" });
  const later = decided("rejected", { id: "l1", author: "Leo", content: "after it" });
  const { user } = openDesk({
    "GET /moderation/comments?post=p1&order=newest&before=Ben&limit=3": json([earlier]),
    "GET /moderation/comments?post=p1&order=oldest&before=Ben&limit=3": json([later]),
    "GET /moderation/counts?author=Ben": never,
    "GET /moderation/comments?author=Ben": json([decided("rejected", { id: "b0", author: "Ben" }), held[1]]),
  });
  await rows();
  await user.keyboard("jjt");
  const thread = await screen.findByRole("region", { name: "The thread around it" });
  expect(await within(thread).findByText("before it")).toBeInTheDocument();
  expect(
    within(thread)
      .getAllByRole("listitem")
      .map((item) => item.textContent),
  ).toEqual([
    "Eve 2 January 2026 · Approvedbefore it",
    "This comment",
    "Leo 2 January 2026 · Rejectedafter it",
  ]);
  expect(await violations()).toEqual([]);
  await user.keyboard("t");
  expect(thread).not.toBeInTheDocument();

  await user.keyboard("h");
  expect(await screen.findByText("Rejected by a moderator")).toBeInTheDocument();
  expect(screen.getByTestId("address")).toHaveTextContent("/moderate?status=all&author=Ben");
  expect((await rows())[0]).toHaveFocus();
  await user.click(screen.getByRole("link", { name: /^Remove filter: By/ }));
  expect(screen.getByTestId("address")).toHaveTextContent("/moderate?status=all");
});

test("an answer that comes late takes the keyboard from nobody: what is typed decides nothing", async () => {
  let answer: (response: Response) => void = () => {};
  const { user, sent } = openDesk({ [DECIDE]: () => new Promise((resolve) => (answer = resolve)) });
  await rows();
  await user.keyboard("jxjxa/");
  await user.keyboard("al");
  const results = ["Ada", "Ben"].map((id) => {
    return { id, outcome: "decided", detail: null, comment: decided("approved", { id, author: id }) };
  });
  answer(json({ results }));
  expect(await screen.findByText("2 comments approved.")).toBeInTheDocument();
  await user.keyboard("as");
  expect(screen.getByRole("searchbox")).toHaveFocus();
  expect(screen.getByRole("searchbox")).toHaveValue("alas");
  expect(sentTo(sent)).toHaveLength(1);
});

test("who empties the search goes on typing in it, and the address leads it while nobody does", async () => {
  const { user } = openDesk({
    "GET /moderation/counts?q=foo": json({ pending: 4, approved: 0, rejected: 0 }),
    "GET /moderation/comments?status=pending&q=foo": json(held),
    "GET /moderation/counts?q=bar": json({ pending: 4, approved: 0, rejected: 0 }),
    "GET /moderation/comments?status=pending&q=bar": json(held),
  });
  await rows();
  await user.keyboard("/foo{Enter}");
  await rows();
  const search = screen.getByRole("searchbox");
  await user.clear(search);
  expect(screen.getByTestId("address")).toHaveTextContent(/^\/moderate$/);
  await user.keyboard("bar{Enter}");
  expect(screen.getByTestId("address")).toHaveTextContent("/moderate?q=bar");
  expect(screen.getByRole("searchbox")).toHaveFocus();
  await user.keyboard("{Tab}");
  await user.click(screen.getByRole("link", { name: /^Approved/ }));
});
