import {
  contracts,
  deadLetters,
  groups,
  hour,
  ids,
  listed,
  manyContracts,
  passing,
  path,
  pathOfDead,
  six,
  subscriptions,
} from "./flowSamples.ts";
import { down, type Frames, json, refused, type Scene } from "./scene.ts";

const held = { "blogbus:operator-token": "a token" };
const noFaults = { drop: 0, repeat: 0, reorder: 0, delay: 0 };
const faults = { drop: 0.3, repeat: 0.1, reorder: 0, delay: 2 };

const answers: Scene["answers"] = {
  "/bus/contracts": json(contracts),
  "/bus/events": json(listed),
  [`/bus/events/${ids.created}`]: json(path),
  "/bus/dead-letters": json(deadLetters),
  "/bus/dead-letters/groups": json(groups),
  "/bus/samples": json(hour),
  "/bus/subscriptions/query/replay": json({ name: "query", from: "beginning", events: 128 }),
};

const retrying = {
  moderation: {
    state: "retrying",
    lag: 14,
    attempts: 6,
    nextTry: 3.2,
    lastError: "connection refused by localhost:4003",
    lastHeard: new Date(Date.now() - 42_000).toISOString(),
  },
};
const dead = {
  moderation: { lag: 7, parked: 6, deadLetters: 3, nextRetry: 7.4 },
  query: { lag: 1, parked: 1, deadLetters: 1 },
};

function stream(changes = {}, more: Frames = []): Frames {
  return [["subscriptions", { subscriptions: subscriptions(changes) }], ["faults", noFaults], ...more];
}

const busy: Scene = {
  path: "/flow",
  answers,
  stored: held,
  stream: stream({}, passing),
  ready: "CommentModerated",
};

/** The flow page. */
export const flow: Record<string, Scene> = {
  "flow-asking": { path: "/flow", answers: {}, ready: "python3 manage_all.py token operator" },
  "flow-busy": {
    ...busy,
    moves: true,
    act: async (page) => {
      await page.locator('[data-edge="out:comments"]').waitFor({ state: "attached" });
      await page.waitForTimeout(200);
    },
  },
  "flow-empty": {
    ...busy,
    answers: { ...answers, "/bus/events": json([]) },
    stream: stream(),
    ready: "There are no events yet",
  },
  "flow-retrying": { ...busy, stream: stream(retrying), ready: "connection refused" },
  "flow-dead-letter": { ...busy, stream: stream(dead), ready: "KeyError" },
  "flow-faults": {
    ...busy,
    stream: stream({ query: { state: "paused", lag: 37 } }, [["faults", faults]]),
    ready: "have faults on purpose",
  },
  "flow-all-lost": {
    ...busy,
    stream: stream({ query: { state: "retrying", lag: 37, lastError: "no answer", nextTry: 4 } }, [
      ["faults", { ...noFaults, drop: 1 }],
    ]),
    ready: "no delivery is confirmed",
  },
  "flow-six": {
    ...busy,
    answers: { ...answers, "/bus/contracts": json(manyContracts) },
    stream: [
      ["subscriptions", { subscriptions: six }],
      ["faults", noFaults],
    ],
    ready: "recommendations",
  },
  "flow-found": {
    ...busy,
    stream: stream(),
    path: "/flow?text=hill&since=2026-03-02T14:00:00.000Z",
    ready: "Clear filters",
  },
  "flow-break-it": {
    ...busy,
    stream: stream({}, [["faults", faults]]),
    path: "/flow?tool=faults",
    isPart: true,
    ready: "of requests or their responses are lost",
  },
  "flow-rebuild": {
    ...busy,
    stream: stream(),
    path: "/flow?tool=rebuild",
    isPart: true,
    ready: "manage.py rebuild",
  },
  "flow-frozen": {
    ...busy,
    stream: stream(),
    act: (page) => page.getByRole("button", { name: "Freeze" }).click(),
    ready: "Frozen",
  },
  "flow-polling": {
    path: "/flow",
    answers: {
      ...answers,
      "/bus/subscriptions": json(subscriptions({ query: { lag: 5 } })),
      "/bus/faults": json(noFaults),
    },
    stored: held,
    ready: "Polling every second",
  },
  "flow-lost": {
    path: "/flow",
    answers: {
      "/bus/stream": down("event bus"),
      "/bus/subscriptions": down("event bus"),
      "/bus/faults": down("event bus"),
      "/bus/events": down("event bus"),
      "/bus/contracts": down("event bus"),
    },
    stored: held,
    ready: "does not answer",
  },
  "flow-event": {
    ...busy,
    stream: stream(),
    path: `/flow?event=${ids.created}`,
    isPart: true,
    ready: "stored by the bus",
  },
  "flow-waterfall": {
    ...busy,
    stream: stream(),
    path: `/flow?event=${ids.created}`,
    isPart: true,
    act: (page) =>
      page.getByRole("heading", { name: "Waterfall" }).evaluate((title) => title.scrollIntoView()),
    ready: "Waterfall",
  },
  "flow-waterfall-dead": {
    ...busy,
    answers: { ...answers, [`/bus/events/${ids.created}`]: json(pathOfDead) },
    stream: stream(dead),
    path: `/flow?event=${ids.created}`,
    isPart: true,
    act: (page) =>
      page.getByRole("heading", { name: "Waterfall" }).evaluate((title) => title.scrollIntoView()),
    ready: "dead letter for",
  },
  "flow-contract": {
    ...busy,
    stream: stream(),
    path: "/flow?contract=CommentCreated",
    isPart: true,
    ready: "waits for moderation",
  },
  "flow-replay": {
    ...busy,
    stream: stream(),
    path: "/flow?subscription=query",
    isPart: true,
    ready: "Send 128 events again",
  },
  "flow-subscribe": {
    ...busy,
    stream: stream(),
    path: "/flow?subscribe=new",
    isPart: true,
    ready: "from the beginning",
  },
  "flow-subscribe-refused": {
    ...busy,
    answers: {
      ...answers,
      "/bus/subscriptions/likes": refused({
        url: "10.0.0.7 is not on the bus's allow-list (EVENTBUS_ALLOWED_HOSTS).",
        types: "Ensure this field has no more than 100 elements.",
      }),
    },
    stream: stream(),
    path: "/flow?subscribe=new",
    isPart: true,
    act: async (page) => {
      await page.getByLabel("Name").fill("likes");
      await page.getByLabel("URL").fill("http://10.0.0.7:4004/events");
      await page.getByRole("checkbox", { name: "PostCreated" }).check();
      await page.getByRole("button", { name: "Subscribe" }).click();
    },
    ready: "is not on the bus's allow-list",
  },
  "flow-remove": {
    ...busy,
    stream: stream(),
    path: "/flow?subscription=query",
    isPart: true,
    act: (page) => page.getByRole("button", { name: "Remove query" }).click(),
    ready: "Stop all deliveries to query?",
  },
};
