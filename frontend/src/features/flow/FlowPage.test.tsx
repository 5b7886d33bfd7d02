import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { bus, SUBSCRIPTIONS, subscription } from "../../testing/bus.ts";
import { open, violations } from "../../testing/open.tsx";
import { down, json, never } from "../../testing/services.ts";

beforeEach(() => localStorage.setItem("blogbus:operator-token", '"s3cret"'));

test("every service is in the table: how far it is, what it ordered, and whether it was heard", async () => {
  bus({ [SUBSCRIPTIONS]: json([subscription({ lag: 12, parked: 3, deadLetters: 1 })]) });
  open("/flow");
  expect(await row("query")).toHaveTextContent("9 behind, 2 parked, 1 dead letter");
  expect(screen.getByText("Polling every second")).toBeInTheDocument();
  expect(await screen.findByText(/^There are no events yet\./)).toBeInTheDocument();
  expect(await violations()).toEqual([]);
});

test("the audit trail says what operators did", async () => {
  const done = (action: string, target: string, detail: object = {}, reason: string | null = null) => ({
    id: `${action}${target}`,
    time: new Date().toISOString(),
    actor: "ann",
    action,
    target,
    detail,
    reason,
  });
  bus({
    "GET /bus/audit": json([
      done("faults", "", { drop: 0, repeat: 0, reorder: 0, delay: 0 }),
      done("faults", "now", { drop: 0.5, repeat: 0, reorder: 0, delay: 0 }, "a drill"),
      done("discard", "", { deadLetters: 3 }),
      done("retry", "query", { deadLetters: 1 }),
      done("discard", "query", { deadLetters: 2, error: "KeyError: 'title'" }),
      done("replay", "query", { from: "beginning" }),
      done("pause", "query"),
      done("unsubscribe", "mine"),
      done("subscribe", "mine", { url: "http://localhost:9/events", types: [] }),
    ]),
  });
  const { user } = open("/flow");
  await user.click(await screen.findByText("Audit trail"));
  const trail = screen.getByRole("list", { name: "Audit trail" });
  await waitFor(() =>
    expect([...trail.children].map((entry) => entry.textContent)).toEqual([
      "ann ended the faults just now",
      "ann broke deliveries: 50 % get lost a drilljust now",
      "ann discarded 3 dead letters just now",
      "ann retried 1 dead letter of query just now",
      "ann discarded 2 dead letters of query with the error “KeyError: 'title'” just now",
      "ann replayed query from beginning just now",
      "ann paused query just now",
      "ann removed mine just now",
      "ann registered mine at http://localhost:9/events just now",
    ]),
  );
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
    /^The event bus service does not answer\. This is the state at \d\d:\d\d:\d\d\./,
  );
  expect(await row("query")).toBeInTheDocument();
  expect(await violations()).toEqual([]);
  if (sound) rules[SUBSCRIPTIONS] = sound;
  expect(await screen.findByText("Polling every second")).toBeInTheDocument();
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
});

test("without the contracts the page shows what it can, also while it asks for them again", async () => {
  const asked = (calls: { call: string }[]) => calls.filter(({ call }) => call.endsWith("contracts")).length;
  const { rules, sent } = bus({ "GET /bus/contracts": () => down("event bus") });
  open("/flow");
  await row("query");
  rules["GET /bus/contracts"] = never;
  const before = asked(sent);
  await waitFor(() => expect(asked(sent)).toBeGreaterThan(before), { timeout: 5_000 });
  expect(screen.getByRole("row", { name: /^query/ })).toBeInTheDocument();
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
  expect(await screen.findByText("Delivering 128 events to query again.")).toBeInTheDocument();
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
  const { user } = open("/flow?tool=faults");
  expect(
    await screen.findByText(/Of all deliveries, 30 % get lost, all come 2 s late\./),
  ).toBeInTheDocument();
  expect(screen.getByLabelText("Drop")).toHaveAttribute(
    "aria-valuetext",
    "30 % of requests or their responses are lost",
  );
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Remove all faults" }));
  await waitFor(() =>
    expect(sent.find(({ call }) => call === "PUT /bus/faults")?.body).toEqual({
      drop: 0,
      repeat: 0,
      reorder: 0,
      delay: 0,
    }),
  );
});

test("what waits in a service's outbox is told, of one that only publishes too, and of a foreign one nothing", async () => {
  const posts = subscription({ name: "posts", types: [], unsent: 1_200 });
  const minutes = [0, 1_200].map((unsent, at) => ({
    time: `2026-01-02T10:0${at}:00.000000Z`,
    settled: 0,
    lag: 0,
    p50Ms: null,
    p95Ms: null,
    unsent,
  }));
  bus({
    "GET /bus/subscriptions": json([posts, subscription({ name: "foreign", unsent: null })]),
    "GET /bus/samples": json([{ subscription: "posts", minutes }]),
  });
  open("/flow?subscription=posts");
  const panel = within(await screen.findByRole("complementary", { name: "posts" }));
  expect(panel.getByText("Outbox", { selector: "dt" }).nextSibling).toHaveTextContent("1,200 unsent");
  expect((await panel.findAllByRole("img")).map((line) => line.getAttribute("aria-label"))).toEqual([
    "Outbox, last hour: least 0, most 1,200, now 1,200",
  ]);
  const table = within(screen.getByRole("region", { name: "Subscriptions" }));
  expect(table.getAllByRole("row").map((row) => row.textContent)).toEqual([
    expect.stringContaining("Outbox"),
    expect.stringContaining("1,200 unsent"),
    expect.not.stringContaining("unsent"),
  ]);
});

test("the last hour of a subscription is a line with words for it, and a table on demand", async () => {
  const minute = (at: number, settled: number, lag: number, p50Ms: number | null) => ({
    time: `2026-01-02T10:0${at}:00.000000Z`,
    settled,
    lag,
    p50Ms,
    p95Ms: p50Ms && p50Ms * 3,
  });
  const minutes = [minute(1, 4, 0, 5), minute(2, 0, 120, null), minute(4, 30, 9, 12)];
  bus({ "GET /bus/samples": json([{ subscription: "query", minutes }]) });
  const { user } = open("/flow?subscription=query");
  const panel = within(await screen.findByRole("complementary", { name: "query" }));
  expect((await panel.findAllByRole("img")).map((line) => line.getAttribute("aria-label"))).toEqual([
    "Events per minute, last hour: least 0, most 30, now 30",
    "Lag, last hour: least 0, most 120, now 9",
    "Latency, median, last hour: least 5.0 ms, most 12 ms, now 12 ms",
    "Latency, 95th percentile, last hour: least 15 ms, most 36 ms, now 36 ms",
  ]);
  expect(within(await row("query")).getByRole("img")).toHaveAccessibleName(/^Events per minute, last hour/);
  await user.click(panel.getByText("As a table"));
  const rows = panel.getAllByRole("row").map(({ textContent }) => textContent);
  expect(rows).toHaveLength(4);
  expect(rows[2]).toMatch(/^2 January 2026.*0120––$/);
  expect(await violations()).toEqual([]);
});

test("of an hour that is not known yet, or cannot be read, nothing is claimed", async () => {
  const { rules } = bus({ "GET /bus/samples": down("event bus") });
  const { user } = open("/flow?subscription=query");
  expect(await screen.findByText("The last hour cannot be shown")).toBeInTheDocument();
  rules["GET /bus/samples"] = never;
  await user.click(screen.getByRole("button", { name: "Try again now" }));
  expect(screen.queryByText("The bus has sampled no minute yet.")).not.toBeInTheDocument();
});

test("where no delivery gets through the banner says so, and that nothing is lost", async () => {
  bus({ "GET /bus/faults": json({ drop: 1, repeat: 0, reorder: 0, delay: 0 }) });
  open("/flow");
  expect(
    await screen.findByText(/Every request or its response gets lost, so no delivery is confirmed/),
  ).toHaveTextContent("No event is lost for good.");
});

test("the tools are at the top, each opens its own panel, and pause stands in one place", async () => {
  bus();
  const { user } = open("/flow?service=posts");
  const tools = within(await screen.findByRole("navigation", { name: "Tools" }));
  await user.click(await tools.findByRole("link", { name: "Break it" }));
  expect(await screen.findByRole("heading", { name: "Break it" })).toHaveFocus();
  expect(screen.getByLabelText("Drop")).toBeInTheDocument();
  expect(await violations()).toEqual([]);
  await user.click(tools.getByRole("link", { name: "Rebuild the read model" }));
  expect(await screen.findByRole("heading", { name: "Rebuild the read model" })).toHaveFocus();
  expect(screen.getByRole("region", { name: "command" })).toHaveTextContent("manage.py rebuild");
  expect(screen.getByTestId("address")).toHaveTextContent("/flow?service=posts&tool=rebuild");
  await user.click(within(await row("query")).getByRole("link", { name: "query" }));
  expect(await screen.findByRole("complementary", { name: "query" })).toBeInTheDocument();
  expect(screen.getAllByRole("button", { name: "Pause query" })).toHaveLength(1);
});

test("a click on a service of the map leads to its events", async () => {
  bus({ "GET /bus/events?limit=100&source=%2Fposts": json([]) });
  const { user } = open("/flow");
  const map = within(await screen.findByRole("region", { name: "Map of services" }));
  await user.click(map.getByRole("link", { name: "posts" }));
  expect(screen.getByRole("heading", { name: "Events" })).toHaveFocus();
  expect(screen.getByTestId("address")).toHaveTextContent("/flow?service=posts");
});

test("where faults cannot be switched on there are no switches", async () => {
  bus({ "GET /bus/faults": json({}, { status: 404 }) });
  open("/flow?tool=faults");
  expect(await screen.findByText(/^This bus injects no faults/)).toBeInTheDocument();
  expect(screen.queryByLabelText("Drop")).not.toBeInTheDocument();
});

test("until it is known whether faults can be switched on, nobody says that they cannot", async () => {
  const said = `event: subscriptions\ndata: ${JSON.stringify({ subscriptions: [subscription()] })}\n\n`;
  const body = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode(said)) });
  const headers = { "content-type": "text/event-stream" };
  bus({ "GET /bus/stream": () => new Response(body, { headers }) });
  open("/flow?tool=faults");
  expect(await screen.findByRole("heading", { name: "Break it" })).toBeInTheDocument();
  expect(screen.queryByText(/injects no faults/)).not.toBeInTheDocument();
});

function row(name: string) {
  return screen.findByRole("row", { name: new RegExp(`^${name}`) });
}
