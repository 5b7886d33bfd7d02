import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { bus, event, LETTERS, letter, pathOf, SUBSCRIPTIONS, subscription } from "../../../testing/bus.ts";
import { open, violations } from "../../../testing/open.tsx";
import { down, json } from "../../../testing/services.ts";

beforeEach(() => localStorage.setItem("blogbus:operator-token", '"s3cret"'));

test("a dead letter tells cause, attempts and what waits behind it, and can be retried", async () => {
  const { sent, rules } = bus({
    [SUBSCRIPTIONS]: json([subscription({ lag: 2, parked: 2, deadLetters: 1 })]),
    [LETTERS]: json([letter]),
    "POST /bus/dead-letters/5/retry": json({ id: 5 }),
  });
  const { user } = open("/flow");
  const letters = within(await screen.findByRole("region", { name: "1 dead letter" }));
  expect(letters.getByRole("listitem")).toHaveTextContent(
    /PostCreated for query.*KeyError: 'title'8 attempts, first 2 January 2026; behind it waits PostUpdated/,
  );
  expect(await violations()).toEqual([]);
  rules[LETTERS] = json([]);
  await user.click(letters.getByRole("button", { name: "Retry PostCreated for query" }));
  await waitFor(() => expect(screen.queryByRole("region", { name: /dead letter/ })).not.toBeInTheDocument());
  expect(sent.map(({ call }) => call)).toContain("POST /bus/dead-letters/5/retry");
});

test("discarding asks first, and keeping is the answer at hand", async () => {
  const { sent } = bus({
    [SUBSCRIPTIONS]: json([subscription({ lag: 2, parked: 2, deadLetters: 1 })]),
    [LETTERS]: json([letter]),
    "POST /bus/dead-letters/discard": json({ count: 1 }),
  });
  const { user } = open("/flow");
  await user.click(await screen.findByRole("button", { name: "Discard all all of them" }));
  expect(screen.getByRole("button", { name: "Keep" })).toHaveFocus();
  await user.click(screen.getByRole("button", { name: "Keep" }));
  expect(sent.filter(({ call }) => call.startsWith("POST"))).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Discard all all of them" }));
  await user.click(screen.getByRole("button", { name: "Discard" }));
  await waitFor(() => expect(sent.map(({ call }) => call)).toContain("POST /bus/dead-letters/discard"));
});

/** As many dead letters as the subscriptions count, of which the bus answers the first. */
function deadLetters(count: number, answered = count) {
  const of = (at: number) => ({ ...letter, id: at + 1, event: { ...event, id: `e${at}` }, behind: [] });
  return {
    [SUBSCRIPTIONS]: json([subscription({ lag: count, parked: count, deadLetters: count })]),
    [LETTERS]: json(Array.from({ length: answered }, (_, at) => of(at))),
  };
}

test.each([
  ["answers all", 60],
  ["answers a page", 50],
])("of many dead letters the first are shown, and all are counted, where the bus %s", async (_, answered) => {
  const { rules, sent } = bus({
    ...deadLetters(60, answered),
    "POST /bus/dead-letters/retry": () => {
      Object.assign(rules, deadLetters(0));
      return json({ count: 60 });
    },
  });
  const { user } = open("/flow");
  const letters = within(await screen.findByRole("region", { name: "60 dead letters" }));
  expect(letters.getAllByRole("listitem")).toHaveLength(50);
  expect(letters.getByText("and 10 more")).toBeInTheDocument();
  await user.click(letters.getByRole("button", { name: "Discard all 60 dead letters" }));
  expect(letters.getByText("Discard all 60? No replay delivers them again.")).toBeInTheDocument();
  await user.click(letters.getByRole("button", { name: "Retry all 60 dead letters" }));
  await waitFor(() => expect(screen.queryByRole("region", { name: /dead letter/ })).not.toBeInTheDocument());
  expect(sent.map(({ call }) => call)).toContain("POST /bus/dead-letters/retry");
});

test("while the bus works a decision off, it says how many are left", async () => {
  const left = (count: number) =>
    json([subscription({ lag: count, parked: count, deadLetters: count, deciding: count })]);
  const { rules } = bus({ ...deadLetters(50), [SUBSCRIPTIONS]: left(49_500) });
  open("/flow");
  const letters = within(await screen.findByRole("region", { name: "49,500 dead letters" }));
  expect(letters.getByRole("status")).toHaveTextContent(
    "49,500 dead letters still to be retried or discarded",
  );
  Object.assign(rules, deadLetters(1));
  await screen.findByRole("region", { name: "1 dead letter" }, { timeout: 5_000 });
  expect(screen.queryByText(/still to be/)).not.toBeInTheDocument();
});

test("of a long row behind a dead letter its next are shown", async () => {
  const behind = Array.from({ length: 8 }, (_, at) => ({ id: `b${at}`, type: "PostUpdated" }));
  bus({ ...deadLetters(1), [LETTERS]: json([{ ...letter, behind }]) });
  open("/flow");
  const letters = within(await screen.findByRole("region", { name: "1 dead letter" }));
  expect(letters.getAllByRole("link", { name: "PostUpdated" })).toHaveLength(5);
  expect(letters.getByRole("listitem")).toHaveTextContent(/PostUpdated and 3 more$/);
});

test("dead letters that cannot be read are not kept silent about; known ones stay", async () => {
  const { rules } = bus({ ...deadLetters(2), [LETTERS]: down("event bus") });
  const { user } = open("/flow");
  expect(await screen.findByText("The dead letters cannot be shown")).toBeInTheDocument();
  expect(await violations()).toEqual([]);
  let answer: (response: Response) => void = () => {};
  rules[LETTERS] = () => new Promise((resolve) => (answer = resolve));
  await user.click(screen.getByRole("button", { name: "Try again now" }));
  expect(screen.getByText("The dead letters cannot be shown")).toBeInTheDocument();
  rules[LETTERS] = deadLetters(2)[LETTERS] as Response;
  answer((rules[LETTERS] as Response).clone());
  const letters = within(await screen.findByRole("region", { name: "2 dead letters" }));
  rules[LETTERS] = down("event bus");
  expect(await screen.findByText(/This page may be out of date/)).toBeInTheDocument();
  expect(letters.getAllByRole("listitem")).toHaveLength(2);
});

test("the keyboard stays with the dead letters: on a kept one, on the next, and at last on the heading", async () => {
  const { rules } = bus({
    ...deadLetters(3),
    "POST /bus/dead-letters/2/discard": json({ id: 2 }),
    "POST /bus/dead-letters/3/retry": json({ id: 3 }),
  });
  const { user } = open("/flow");
  const letters = within(await screen.findByRole("region", { name: "3 dead letters" }));
  const [one, two, three] = (await letters.findAllByRole("listitem")).map((item) => within(item));
  await user.click(two?.getByRole("button", { name: /^Discard/ }) as HTMLElement);
  await user.click(letters.getByRole("button", { name: "Keep" }));
  expect(two?.getByRole("button", { name: /^Discard/ })).toHaveFocus();

  const all = await (rules[LETTERS] as Response).clone().json();
  rules[LETTERS] = json([all[0], all[2]]);
  await user.keyboard("{Enter}");
  await user.click(letters.getByRole("button", { name: "Discard" }));
  await screen.findByRole("heading", { name: "2 dead letters" });
  expect(three?.getByRole("link", { name: "PostCreated" })).toHaveFocus();

  rules[LETTERS] = json([all[0]]);
  await user.click(three?.getByRole("button", { name: /^Retry/ }) as HTMLElement);
  expect(await screen.findByRole("heading", { name: "1 dead letter" })).toHaveFocus();
  expect(one?.getByText(/KeyError/)).toBeInTheDocument();
});

test("who closes what a letter opened that is gone by then is at the list of events", async () => {
  const { rules } = bus({ ...deadLetters(1), "GET /bus/events/e0": pathOf("e0", ["e0"]) });
  const { user } = open("/flow");
  const letters = within(await screen.findByRole("region", { name: "1 dead letter" }));
  await user.click(letters.getByRole("link", { name: "PostCreated" }));
  await screen.findByRole("complementary", { name: "PostCreated" });
  Object.assign(rules, deadLetters(0));
  await waitFor(() => expect(screen.queryByRole("region", { name: /dead letter/ })).not.toBeInTheDocument());
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("complementary")).not.toBeInTheDocument();
  expect(screen.getByRole("region", { name: "Events, newest first" })).toHaveFocus();
});
