import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import {
  bus,
  CAUSE,
  deadLetters,
  event,
  GROUPS,
  group,
  letter,
  lettersOf,
  pathOf,
  SUBSCRIPTIONS,
  subscription,
} from "../../../testing/bus.ts";
import { open, violations } from "../../../testing/open.tsx";
import { down, json, never } from "../../../testing/services.ts";
import type { DeadLetter } from "../types.ts";

const PATH = "GET /bus/events/e1?source=%2Fposts";

beforeEach(() => localStorage.setItem("blogbus:operator-token", '"s3cret"'));

function lettersFrom(first: number, count: number): DeadLetter[] {
  const of = (id: number) => ({ ...letter, id, event: { ...event, id: `e${id}` }, behind: [] });
  return Array.from({ length: count }, (_, at) => of(first + at));
}

/** What became of the letter's event. */
function became(state: "settled" | "dead" | "parked", error: string | null = null) {
  const attempts = [{ time: event.time, status: 200, latencyMs: 3, error }];
  const deliveries = [{ subscription: "query", state, nextTry: null, attempts }];
  return json({ event: { ...event, position: "7" }, storedAt: event.time, deliveries, chain: [] });
}

test("trouble is the loudest thing: on the page, in the tab's title, by its icon; and the way to it is short", async () => {
  const icon = document.head.appendChild(document.createElement("link"));
  Object.assign(icon, { rel: "icon", href: "/favicon.svg" });
  const { rules } = bus(deadLetters(1));
  const { user } = open("/flow");
  expect(await screen.findByText("1 of query. It waits for a person.", { exact: false })).toBeInTheDocument();
  expect(document.title).toBe("(1) Flow · Blogbus");
  expect(icon.getAttribute("href")).toBe("/favicon-trouble.svg");
  expect(screen.getByRole("row", { name: /^query/ })).toHaveTextContent("1 dead letter");
  expect(await violations()).toEqual([]);
  await screen.findByRole("heading", { name: "1 dead letter" });
  await user.click(screen.getByRole("button", { name: "Show it" }));
  expect(screen.getByRole("heading", { name: "1 dead letter" })).toHaveFocus();
  Object.assign(rules, deadLetters(0));
  await waitFor(() => expect(document.title).toBe("Flow · Blogbus"), { timeout: 5_000 });
  expect(icon.getAttribute("href")).toBe("/favicon.svg");
  icon.remove();
});

test("the title of the page to which one goes from trouble stays its own", async () => {
  bus(deadLetters(1));
  const { user } = open("/flow");
  await waitFor(() => expect(document.title).toBe("(1) Flow · Blogbus"));
  expect(document.head.querySelectorAll("title")).toHaveLength(1);
  await user.click(screen.getByRole("link", { name: "Blogbus" }));
  await waitFor(() => expect(screen.getByTestId("address")).toHaveTextContent(/^\/$/));
  expect(document.title).toBe("Blogbus");
});

test("trouble leads to the dead letters also while they load", async () => {
  bus({ ...deadLetters(1), [GROUPS]: never });
  const { user } = open("/flow");
  await user.click(await screen.findByRole("button", { name: "Show it" }));
  expect(screen.getByRole("heading", { name: "1 dead letter" })).toHaveFocus();
});

test("a dead letter tells cause, place in code, attempts and what waits behind it; a retry says what came of it", async () => {
  const { sent, rules } = bus({
    ...deadLetters(1),
    "POST /bus/dead-letters/5/retry": json({ id: 5 }),
    [PATH]: became("settled"),
  });
  const { user } = open("/flow");
  const letters = within(await screen.findByRole("region", { name: "1 dead letter" }));
  expect(await letters.findByRole("region", { name: "1 PostCreated for query" })).toHaveTextContent(
    "KeyError: 'title'",
  );
  expect(await letters.findByRole("listitem")).toHaveTextContent(
    /PostCreated On order.*at handlers\.py:318 attempts, first 2 January 2026; behind it waits PostUpdated/,
  );
  expect(await violations()).toEqual([]);
  Object.assign(rules, deadLetters(0));
  await user.click(letters.getByRole("button", { name: "Retry PostCreated for query" }));
  expect(await screen.findByText("PostCreated for query: applied.")).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByRole("region", { name: /dead letter/ })).not.toBeInTheDocument());
  expect(sent.map(({ call }) => call)).toContain("POST /bus/dead-letters/5/retry");
});

test("a retry that fails again says why", async () => {
  const { rules } = bus({
    ...deadLetters(1),
    "POST /bus/dead-letters/5/retry": json({ id: 5 }),
    [PATH]: became("parked"),
  });
  const { user } = open("/flow");
  await user.click(await screen.findByRole("button", { name: "Retry PostCreated for query" }));
  expect(await screen.findByRole("button", { name: "Retrying PostCreated for query" })).toBeInTheDocument();
  rules[PATH] = became("dead", "KeyError: 'body'");
  expect(
    await screen.findByText("PostCreated for query failed again: KeyError: 'body'", {}, { timeout: 5_000 }),
  ).toBeInTheDocument();
});

test("a retry whose outcome cannot be read is not said to have failed", async () => {
  bus({
    ...deadLetters(1),
    "POST /bus/dead-letters/5/retry": json({ id: 5 }),
    [PATH]: down("event bus"),
  });
  const { user } = open("/flow");
  await user.click(await screen.findByRole("button", { name: "Retry PostCreated for query" }));
  expect(
    await screen.findByText(/^Retried PostCreated for query; the outcome is not known\. The event bus/),
  ).toBeInTheDocument();
});

test("discarding asks first, and keeping is the answer at hand", async () => {
  const { sent } = bus({ ...deadLetters(1), "POST /bus/dead-letters/5/discard": json({ id: 5 }) });
  const { user } = open("/flow");
  const discard = { name: "Discard PostCreated for query" };
  await user.click(await screen.findByRole("button", discard));
  expect(screen.getByRole("button", { name: "Keep" })).toHaveFocus();
  await user.click(screen.getByRole("button", { name: "Keep" }));
  expect(sent.filter(({ call }) => call.startsWith("POST"))).toEqual([]);
  await user.click(screen.getByRole("button", discard));
  await user.click(screen.getByRole("button", { name: "Discard" }));
  expect(await screen.findByText("PostCreated for query is discarded.")).toBeInTheDocument();
  expect(sent.map(({ call }) => call)).toContain("POST /bus/dead-letters/5/discard");
});

test("many with one cause are read page by page, and decided about together; how many failed again is said", async () => {
  const { rules, sent } = bus({
    ...deadLetters(60, lettersFrom(1, 50)),
    [lettersOf(50)]: json(lettersFrom(51, 10)),
    "POST /bus/dead-letters/groups/retry": () => {
      Object.assign(rules, deadLetters(2, lettersFrom(1, 2)));
      return json({ count: 60 });
    },
  });
  const { user } = open("/flow");
  const letters = within(await screen.findByRole("region", { name: "60 dead letters" }));
  expect(await letters.findAllByRole("listitem")).toHaveLength(50);
  await user.click(letters.getByRole("button", { name: "Show more of 60" }));
  await waitFor(() => expect(letters.getAllByRole("listitem")).toHaveLength(60));
  const what = "all 60 dead letters of query with this cause";
  await user.click(letters.getByRole("button", { name: `Discard ${what}` }));
  expect(letters.getByText("Discard all 60? No replay delivers them again.")).toBeInTheDocument();
  await user.click(letters.getByRole("button", { name: `Retry ${what}` }));
  expect(await screen.findByText("Retried 60 dead letters: 58 applied, 2 failed again.")).toBeInTheDocument();
  expect(sent.find(({ call }) => call === "POST /bus/dead-letters/groups/retry")?.body).toEqual({
    subscription: "query",
    error: CAUSE,
  });
});

test("a group says what its letters share, one whole error, and of each letter what else it says", async () => {
  const [one, other] = lettersFrom(1, 2) as [DeadLetter, DeadLetter];
  bus(deadLetters(2, [one, { ...other, error: "KeyError: 'body'" }]));
  open("/flow");
  const its = within(await screen.findByRole("region", { name: "2 PostCreated for query" }));
  expect(its.getByText(CAUSE)).toBeInTheDocument();
  expect(its.getByText("for example", { exact: false })).toHaveTextContent("for example KeyError: 'title'");
  const [first, second] = (await its.findAllByRole("listitem")) as [HTMLElement, HTMLElement];
  expect(first).not.toHaveTextContent("KeyError");
  expect(second).toHaveTextContent("KeyError: 'body'");
});

test("of many causes there are pages, and what becomes of one on a later page is found there", async () => {
  const rest = "GET /bus/dead-letters/groups?skip=1";
  const first = json([group(5)], { headers: { link: '</bus/dead-letters/groups?skip=1>; rel="next"' } });
  const { rules } = bus({
    ...deadLetters(8, lettersFrom(1, 5)),
    [GROUPS]: first,
    [rest]: json([group(2, { error: "ValueError: …" }), group(1, { error: "no" })]),
    "POST /bus/dead-letters/groups/retry": () => {
      Object.assign(rules, deadLetters(7), { [GROUPS]: first });
      rules[rest] = json([group(1, { error: "ValueError: …" }), group(1, { error: "no" })]);
      return json({ count: 2 });
    },
  });
  const { user } = open("/flow");
  const letters = within(await screen.findByRole("region", { name: "8 dead letters" }));
  await user.click(await letters.findByRole("button", { name: "Show more causes" }));
  expect(await letters.findByText("ValueError: …")).toBeInTheDocument();
  expect(letters.getAllByRole("heading", { level: 3 })).toHaveLength(3);
  expect(letters.queryByRole("button", { name: "Show more causes" })).not.toBeInTheDocument();
  await user.click(letters.getByRole("button", { name: /^Retry all 2/ }));
  expect(await screen.findByText("Retried 2 dead letters: 1 applied, 1 failed again.")).toBeInTheDocument();
});

test("dead letters that come for another cause meanwhile are not said to have failed again", async () => {
  const { rules } = bus({
    ...deadLetters(2, lettersFrom(1, 2)),
    "POST /bus/dead-letters/groups/retry": () => {
      Object.assign(rules, deadLetters(2, lettersFrom(2, 1)));
      rules[GROUPS] = json([group(1), group(1, { error: "ValueError: …" })]);
      return json({ count: 3 });
    },
  });
  rules[SUBSCRIPTIONS] = json([subscription({ lag: 3, parked: 3, deadLetters: 3 })]);
  const { user } = open("/flow");
  await user.click(await screen.findByRole("button", { name: /^Retry all 2/ }));
  expect(
    await screen.findByText(
      "Retried 3 dead letters: at least 1 applied, 1 failed again, 1 new with another cause.",
    ),
  ).toBeInTheDocument();
});

test("dead letters with several causes are told apart, and can still be decided about at once", async () => {
  const { sent } = bus({
    ...deadLetters(3, lettersFrom(1, 2)),
    [GROUPS]: json([group(2, { type: null }), group(1, { type: null, error: "ValueError: …" })]),
    "POST /bus/dead-letters/discard": json({ count: 3 }),
  });
  const { user } = open("/flow");
  const letters = within(await screen.findByRole("region", { name: "3 dead letters" }));
  expect(
    (await letters.findAllByRole("heading", { level: 3 })).map(({ textContent }) => textContent),
  ).toEqual(["2 events for query", "1 event for query"]);
  await user.click(letters.getByRole("button", { name: "Discard all 3 dead letters" }));
  await user.click(letters.getByRole("button", { name: "Discard" }));
  expect(await screen.findByText("3 dead letters discarded.")).toBeInTheDocument();
  expect(sent.find(({ call }) => call === "POST /bus/dead-letters/discard")?.body).toEqual({});
});

test("while the bus works a decision off, it says how many are left, and how many have no outcome yet", async () => {
  const said = (changes: object) => json([subscription({ lag: 9, parked: 9, ...changes })]);
  const { rules } = bus({
    ...deadLetters(50, lettersFrom(1, 50)),
    [SUBSCRIPTIONS]: said({ deadLetters: 49_500, deciding: 49_500 }),
  });
  open("/flow");
  const letters = within(await screen.findByRole("region", { name: "49,500 dead letters" }));
  expect(letters.getByText("49,500 dead letters still to be retried or discarded")).toBeInTheDocument();
  rules[SUBSCRIPTIONS] = said({ deadLetters: 0, retrying: 4 });
  await screen.findByRole("region", { name: "4 dead letters being retried" }, { timeout: 5_000 });
  Object.assign(rules, deadLetters(1));
  await screen.findByRole("region", { name: "1 dead letter" }, { timeout: 5_000 });
  expect(screen.queryByText(/still to be|being retried/)).not.toBeInTheDocument();
});

test("of a long row behind a dead letter its next are shown", async () => {
  const behind = Array.from({ length: 8 }, (_, at) => ({ id: `b${at}`, type: "PostUpdated" }));
  bus(deadLetters(1, [{ ...letter, behind }]));
  open("/flow");
  const letters = within(await screen.findByRole("region", { name: "1 dead letter" }));
  expect(await letters.findAllByRole("link", { name: "PostUpdated" })).toHaveLength(5);
  expect(letters.getByRole("listitem")).toHaveTextContent(/PostUpdated and 3 more$/);
});

test("dead letters that cannot be read are not kept silent about; known ones stay", async () => {
  const { rules } = bus({ ...deadLetters(2, lettersFrom(1, 2)), [GROUPS]: down("event bus") });
  const { user } = open("/flow");
  expect(await screen.findByText("The dead letters cannot be shown")).toBeInTheDocument();
  expect(await violations()).toEqual([]);
  Object.assign(rules, deadLetters(2, lettersFrom(1, 2)));
  await user.click(screen.getByRole("button", { name: "Try again now" }));
  const letters = within(await screen.findByRole("region", { name: "2 dead letters" }));
  expect(await letters.findAllByRole("listitem")).toHaveLength(2);
  rules[GROUPS] = down("event bus");
  expect(
    (await screen.findAllByText(/This page may be out of date/, {}, { timeout: 10_000 })).length,
  ).toBeGreaterThan(0);
  expect(letters.getAllByRole("listitem")).toHaveLength(2);
});

test("the keyboard stays with the dead letters: on a kept one, on the next, on the heading, and at last on what follows", async () => {
  const [one, two, three] = lettersFrom(1, 3) as [DeadLetter, DeadLetter, DeadLetter];
  const { rules } = bus({
    ...deadLetters(3, [one, two, three]),
    "POST /bus/dead-letters/2/discard": json({ id: 2 }),
    "POST /bus/dead-letters/3/discard": json({ id: 3 }),
  });
  const { user } = open("/flow");
  const letters = within(await screen.findByRole("region", { name: "3 dead letters" }));
  const item = (await letters.findAllByRole("listitem")).map((each) => within(each));
  const discard = { name: "Discard PostCreated for query" };
  await user.click(item[1]?.getByRole("button", discard) as HTMLElement);
  await user.click(letters.getByRole("button", { name: "Keep" }));
  expect(item[1]?.getByRole("button", discard)).toHaveFocus();

  Object.assign(rules, deadLetters(2, [one, three]));
  await user.keyboard("{Enter}");
  await user.click(letters.getByRole("button", { name: "Discard" }));
  await screen.findByRole("heading", { name: "2 dead letters" });
  expect(item[2]?.getByRole("link", { name: "PostCreated" })).toHaveFocus();

  Object.assign(rules, deadLetters(1, [one]));
  await user.click(item[2]?.getByRole("button", discard) as HTMLElement);
  await user.click(letters.getByRole("button", { name: "Discard" }));
  expect(await screen.findByRole("heading", { name: "1 dead letter" })).toHaveFocus();

  Object.assign(rules, deadLetters(0, []), { "POST /bus/dead-letters/1/discard": json({ id: 1 }) });
  await user.click(item[0]?.getByRole("button", discard) as HTMLElement);
  await user.click(letters.getByRole("button", { name: "Discard" }));
  await waitFor(() => expect(screen.getByRole("heading", { name: "Events" })).toHaveFocus());
});

test("who closes what a letter opened that is gone by then is at the list of events", async () => {
  const { rules } = bus({
    ...deadLetters(1, lettersFrom(1, 1)),
    "GET /bus/events/e1": pathOf("e1", ["e1"]),
  });
  const { user } = open("/flow");
  const letters = within(await screen.findByRole("region", { name: "1 dead letter" }));
  await user.click(await letters.findByRole("link", { name: "PostCreated" }));
  await screen.findByRole("complementary", { name: "PostCreated" });
  Object.assign(rules, deadLetters(0));
  await waitFor(() => expect(screen.queryByRole("region", { name: /dead letter/ })).not.toBeInTheDocument());
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("complementary")).not.toBeInTheDocument();
  expect(screen.getByRole("region", { name: "Events, newest first" })).toHaveFocus();
});

test("after a replay the dead letters are read anew at once", async () => {
  const from = { name: "query", from: "beginning" };
  const { rules } = bus({
    ...deadLetters(3, lettersFrom(1, 2)),
    [GROUPS]: json([group(2), group(1, { subscription: "moderation" })]),
    "GET /bus/subscriptions/query/replay?from=beginning": json({ ...from, events: 9 }),
    "POST /bus/subscriptions/query/replay": json(from),
  });
  const { user } = open("/flow?subscription=query");
  await screen.findByRole("region", { name: "2 PostCreated for query" });
  rules[GROUPS] = json([group(1, { subscription: "moderation" })]);
  await user.click(await screen.findByRole("button", { name: "Send 9 events again" }));
  await waitFor(() =>
    expect(screen.queryByRole("region", { name: "2 PostCreated for query" })).not.toBeInTheDocument(),
  );
});
