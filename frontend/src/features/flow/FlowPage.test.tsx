import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { open, violations } from "../../testing/open.tsx";
import { down, fakeServices, json } from "../../testing/services.ts";
import type { CloudEvent, Contract, DeadLetter, Subscription } from "./types.ts";

const SUBSCRIPTIONS = "GET /bus/subscriptions";
const LETTERS = "GET /bus/dead-letters";

function subscription(changes: Partial<Subscription> = {}): Subscription {
  return {
    name: "query",
    url: "http://localhost:4002/events",
    types: ["PostCreated"],
    batchSize: 500,
    format: "batch",
    inboxId: null,
    state: "active",
    cursor: "7",
    lag: 0,
    lastError: null,
    attempts: 0,
    nextTry: null,
    parked: 0,
    deadLetters: 0,
    lastHeard: new Date().toISOString(),
    ...changes,
  };
}

const event: CloudEvent = {
  specversion: "1.0",
  id: "e1",
  type: "PostCreated",
  source: "/posts",
  subject: "p1",
  time: "2026-01-02T10:00:00.000000Z",
  datacontenttype: "application/json",
  dataschema: "/schemas/PostCreated/1",
  correlationid: "e1",
  causationid: null,
  data: { id: "p1", title: "On order" },
};

const contract: Contract = {
  type: "PostCreated",
  publisher: "posts",
  consumers: ["query"],
  version: 1,
  description: "A post was written.",
  schema: {
    properties: { title: { type: "string", description: "Its `title`." }, author: { type: "string" } },
    required: ["title"],
  },
  example: event,
};

const letter: DeadLetter = {
  id: 5,
  subscription: "query",
  event,
  error: "KeyError: 'title'",
  attempts: 8,
  since: "2026-01-02T10:00:00.000000Z",
  behind: [{ id: "e2", type: "PostUpdated" }],
};

/** The bus as an operator sees it, without its stream: the page asks once a second. */
function bus(rules: Parameters<typeof fakeServices>[0] = {}) {
  return fakeServices({
    "GET /bus/stream": new Response(null, { status: 204 }),
    [SUBSCRIPTIONS]: json([subscription(), subscription({ name: "posts", types: [] })]),
    "GET /bus/contracts": json([contract]),
    "GET /bus/faults": json({ drop: 0, repeat: 0, reorder: 0, delay: 0 }),
    "GET /bus/events?limit=100": json([]),
    ...rules,
  });
}

function row(name: string) {
  return screen.findByRole("row", { name: new RegExp(`^${name}`) });
}

beforeEach(() => localStorage.setItem("blogbus:operator-token", '"s3cret"'));

test("every service is in the table: how far it is, what it ordered, and whether it was heard", async () => {
  bus({ [SUBSCRIPTIONS]: json([subscription({ lag: 12, parked: 3, deadLetters: 1 })]) });
  open("/flow");
  expect(await row("query")).toHaveTextContent("9 behind, 2 parked, 1 dead letter");
  expect(screen.getByText("Looking once a second")).toBeInTheDocument();
  expect(await screen.findByText(/^Nothing has happened yet\./)).toBeInTheDocument();
  expect(await violations()).toEqual([]);
});

test("a subscription that is retried says why, and when again", async () => {
  const lastError = "connection refused by localhost:4002";
  bus({ [SUBSCRIPTIONS]: json([subscription({ state: "retrying", lag: 2, lastError, nextTry: 3.2 })]) });
  open("/flow");
  expect(await row("query")).toHaveTextContent(
    "retrying2 behindconnection refused by localhost:4002; again in 3 s",
  );
});

test("pause and resume show at once", async () => {
  const { sent } = bus({
    "POST /bus/subscriptions/query/pause": json({ name: "query", state: "paused" }),
    "POST /bus/subscriptions/query/resume": json({ name: "query", state: "active" }),
  });
  const { user } = open("/flow");
  await user.click(await screen.findByRole("button", { name: "Freeze" }));
  await user.click(await screen.findByRole("button", { name: "Pause query" }));
  await user.click(await screen.findByRole("button", { name: "Resume query" }));
  await screen.findByRole("button", { name: "Pause query" });
  expect(sent.filter(({ call }) => call.startsWith("POST")).map(({ call, token }) => [call, token])).toEqual([
    ["POST /bus/subscriptions/query/pause", "Bearer s3cret"],
    ["POST /bus/subscriptions/query/resume", "Bearer s3cret"],
  ]);
});

test("when the bus goes down the page says so, keeps the last picture, and recovers by itself", async () => {
  const { rules } = bus();
  open("/flow");
  await row("query");
  const sound = rules[SUBSCRIPTIONS];
  rules[SUBSCRIPTIONS] = down("event bus");
  expect(await screen.findByRole("alert")).toHaveTextContent(
    /^The event bus service does not answer\. This is how things stood at \d\d:\d\d:\d\d\./,
  );
  expect(await row("query")).toBeInTheDocument();
  expect(await violations()).toEqual([]);
  if (sound) rules[SUBSCRIPTIONS] = sound;
  expect(await screen.findByText("Looking once a second")).toBeInTheDocument();
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
});

test("a type leads to its contract: fields, example, publisher and consumers, and the address says so", async () => {
  bus();
  const { user } = open("/flow");
  await user.click(within(await row("query")).getByRole("link", { name: "PostCreated" }));
  const panel = within(await screen.findByRole("complementary", { name: "PostCreated" }));
  expect(panel.getByText("A post was written.")).toBeInTheDocument();
  expect(panel.getByText("Published by").nextSibling).toHaveTextContent("posts");
  expect(panel.getByText("Delivered to").nextSibling).toHaveTextContent("query");
  expect(panel.getByText(", optional")).toBeInTheDocument();
  expect(panel.getByRole("region", { name: "example" })).toHaveTextContent('"title": "On order"');
  expect(screen.getByTestId("address")).toHaveTextContent("/flow?contract=PostCreated");
  expect(panel.getByRole("heading", { name: "PostCreated" })).toHaveFocus();
  expect(await violations()).toEqual([]);
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("complementary")).not.toBeInTheDocument();
  expect(within(await row("query")).getByRole("link", { name: "PostCreated" })).toHaveFocus();
});

test("an event's path tells each attempt, what it caused, and how to fetch it without the page", async () => {
  const position = "7";
  const caused = {
    ...event,
    id: "e2",
    type: "PostUpdated",
    causationid: "e1",
    position,
    time: "2026-01-02T10:00:00.250Z",
  };
  bus({
    "GET /bus/events/e1": json({
      event: { ...event, position },
      storedAt: "2026-01-02T10:00:00.004000Z",
      deliveries: [
        {
          subscription: "query",
          state: "settled",
          attempts: [
            { time: "2026-01-02T10:00:00.010000Z", status: 503, latencyMs: 2.8, error: "answered 503" },
            { time: "2026-01-02T10:00:00.530000Z", status: 200, latencyMs: 41, error: null },
          ],
        },
      ],
      chain: [{ ...event, position }, caused],
    }),
  });
  open("/flow?event=e1");
  const panel = within(await screen.findByRole("complementary", { name: "PostCreated" }));
  const stops = panel.getAllByRole("listitem").map(({ textContent }) => textContent);
  expect(stops).toContain("stored by the bus+4.0 ms");
  expect(stops).toContain("503 in 2.8 ms+10 msanswered 503");
  expect(stops).toContain("200 in 41 ms+530 ms");
  expect(stops).toContain("PostUpdated+250 mspublished by posts, because of PostCreated");
  expect(panel.getByRole("region", { name: "payload" })).toHaveTextContent('"title": "On order"');
  expect(panel.getByRole("region", { name: "command" })).toHaveTextContent(
    "curl -H \"authorization: Bearer $(python3 manage_all.py token operator)\" 'http://localhost:3000/bus/events/e1'",
  );
  expect(await violations()).toEqual([]);
});

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

test("a replay says how many events it sends before it does", async () => {
  const { sent } = bus({
    "GET /bus/subscriptions/query/replay?from=beginning": json({
      name: "query",
      from: "beginning",
      events: 128,
    }),
    "POST /bus/subscriptions/query/replay": json({ name: "query", from: "beginning" }),
  });
  const { user } = open("/flow?subscription=query");
  await user.click(await screen.findByRole("button", { name: "Send 128 events again" }));
  expect(await screen.findByText("128 events on the way to query again.")).toBeInTheDocument();
  expect(sent.find(({ call }) => call === "POST /bus/subscriptions/query/replay")?.body).toEqual({
    from: "beginning",
  });
  expect(await violations()).toEqual([]);
});

test("while faults are on a banner says which, and one click ends them", async () => {
  const { sent } = bus({
    "GET /bus/faults": json({ drop: 0.3, repeat: 0, reorder: 0, delay: 2 }),
    "PUT /bus/faults": ({ body }) => json(body),
  });
  const { user } = open("/flow");
  expect(
    await screen.findByText(/Of all deliveries, 30 % get lost, all come 2 s late\./),
  ).toBeInTheDocument();
  expect(screen.getByLabelText("Drop")).toHaveAttribute(
    "aria-valuetext",
    "30 % of deliveries, or the answers to them, get lost",
  );
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Make it stop" }));
  await waitFor(() =>
    expect(sent.find(({ call }) => call === "PUT /bus/faults")?.body).toEqual({
      drop: 0,
      repeat: 0,
      reorder: 0,
      delay: 0,
    }),
  );
});

test("where faults cannot be switched on there are no switches", async () => {
  bus({ "GET /bus/faults": json({}, { status: 404 }) });
  open("/flow");
  await row("query");
  expect(screen.queryByLabelText("Drop")).not.toBeInTheDocument();
});

test("what the address narrows the list to is asked of the bus, and shows in the filters", async () => {
  const { sent } = bus({ "GET /bus/events?limit=100&source=%2Fposts&subject=p1": json([]) });
  const { user } = open("/flow?subject=p1&service=posts");
  expect(await screen.findByText("No event is like that.")).toBeInTheDocument();
  expect(screen.getByLabelText("Subject")).toHaveValue("p1");
  expect(screen.getByLabelText("Service")).toHaveValue("posts");
  expect(sent.map(({ call }) => call)).toContain("GET /bus/events?limit=100&source=%2Fposts&subject=p1");
  await user.click(screen.getByRole("link", { name: "All events" }));
  expect(screen.getByTestId("address")).toHaveTextContent(/^\/flow$/);
});

test("the subject is the field's own while one types; the address follows after the last letter, or at once", async () => {
  const { sent } = bus({
    "GET /bus/events?limit=100&subject=p1": json([]),
    "GET /bus/events?limit=100&subject=p12": json([]),
  });
  const { user } = open("/flow");
  const field = await screen.findByLabelText("Subject");
  for (const value of ["p", "p1"]) fireEvent.change(field, { target: { value } });
  expect(field).toHaveValue("p1");
  expect(screen.getByTestId("address")).toHaveTextContent(/^\/flow$/);
  await waitFor(() => expect(screen.getByTestId("address")).toHaveTextContent("/flow?subject=p1"));
  expect(sent.map(({ call }) => call)).not.toContain("GET /bus/events?limit=100&subject=p");

  await user.type(field, "2{Enter}");
  expect(screen.getByTestId("address")).toHaveTextContent("/flow?subject=p12");
  expect(field).toHaveValue("p12");
  fireEvent.change(field, { target: { value: "p1" } });
  fireEvent.blur(field);
  await waitFor(() => expect(screen.getByTestId("address")).toHaveTextContent(/subject=p1$/));
});

test("an address that comes late takes no letter away from who types on", async () => {
  bus();
  open("/flow");
  const field = await screen.findByLabelText("Subject");
  act(() => {
    fireEvent.change(field, { target: { value: "p1" } });
    fireEvent.keyDown(field, { key: "Enter" });
    fireEvent.change(field, { target: { value: "p12" } });
  });
  expect(screen.getByTestId("address")).toHaveTextContent(/subject=p1$/);
  expect(field).toHaveValue("p12");
  await waitFor(() => expect(screen.getByTestId("address")).toHaveTextContent(/subject=p12$/));
});

test("the subject follows the address when a link changes it, also while letters still wait", async () => {
  bus();
  const { user } = open("/flow?type=PostCreated");
  const field = await screen.findByLabelText("Subject");
  fireEvent.change(field, { target: { value: "p1" } });
  fireEvent.click(screen.getByRole("link", { name: "All events" }));
  expect(screen.getByTestId("address")).toHaveTextContent(/^\/flow$/);
  expect(field).toHaveValue("");
  await user.type(field, "p1{Enter}");
  await user.click(screen.getByRole("link", { name: "All events" }));
  expect(field).toHaveValue("");
  expect(screen.getByTestId("address")).toHaveTextContent(/^\/flow$/);
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
    "POST /bus/dead-letters/retry": json({ count: 60 }),
  });
  const { user } = open("/flow");
  const letters = within(await screen.findByRole("region", { name: "60 dead letters" }));
  expect(letters.getAllByRole("listitem")).toHaveLength(50);
  expect(letters.getByText("and 10 more")).toBeInTheDocument();
  await user.click(letters.getByRole("button", { name: "Discard all 60 dead letters" }));
  expect(letters.getByText("Give all 60 up for good? No replay brings them back.")).toBeInTheDocument();
  Object.assign(rules, deadLetters(0));
  await user.click(letters.getByRole("button", { name: "Retry all 60 dead letters" }));
  await waitFor(() => expect(screen.queryByRole("region", { name: /dead letter/ })).not.toBeInTheDocument());
  expect(sent.map(({ call }) => call)).toContain("POST /bus/dead-letters/retry");
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
  expect(await letters.findByText(/What you see may be out of date/)).toBeInTheDocument();
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

/** The bus's answer about one event, caused by the others. */
function pathOf(id: string, chain: string[]) {
  const placed = (each: string) => ({ ...event, id: each, position: "7" });
  return json({ event: placed(id), storedAt: event.time, deliveries: [], chain: chain.map(placed) });
}

test("who opens another thing of the same name in the panel is at its heading again", async () => {
  bus({ "GET /bus/events/e1": pathOf("e1", ["e1", "e2"]), "GET /bus/events/e2": pathOf("e2", ["e1", "e2"]) });
  const { user } = open("/flow?event=e1");
  const panel = within(await screen.findByRole("complementary", { name: "PostCreated" }));
  const there = async (id: string) => {
    const links = await panel.findAllByRole("link", { name: "PostCreated" });
    await user.click(links.find((link) => link.getAttribute("href")?.endsWith(`event=${id}`)) as HTMLElement);
    expect(screen.getByTestId("address")).toHaveTextContent(`/flow?event=${id}`);
    expect(await panel.findByRole("heading", { name: "PostCreated" })).toHaveFocus();
  };
  await there("e2");
  await there("e1");
  await there("e2");
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
