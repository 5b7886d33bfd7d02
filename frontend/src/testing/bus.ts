import type {
  CloudEvent,
  Contract,
  DeadLetter,
  DeadLetterGroup,
  Subscription,
} from "../features/flow/types.ts";
import { fakeServices, json } from "./services.ts";

export const SUBSCRIPTIONS = "GET /bus/subscriptions";
export const GROUPS = "GET /bus/dead-letters/groups";
/** What dead letters like `letter` have in common. */
export const CAUSE = "KeyError: … at handlers.py:31";

export function subscription(changes: Partial<Subscription> = {}): Subscription {
  return {
    name: "query",
    url: "http://localhost:4002/events",
    types: ["PostCreated"],
    batchSize: 500,
    catchUp: "bus",
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
    deciding: 0,
    retrying: 0,
    nextRetry: null,
    lastHeard: new Date().toISOString(),
    unsent: 0,
    ...changes,
  };
}

export const event: CloudEvent = {
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
  traceparent: null,
  tombstone: false,
  data: { id: "p1", title: "On order" },
};

export const contract: Contract = {
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

export const letter: DeadLetter = {
  id: 5,
  subscription: "query",
  event,
  error: "KeyError: 'title'",
  at: "handlers.py:31",
  attempts: 8,
  since: "2026-01-02T10:00:00.000000Z",
  behind: [{ id: "e2", type: "PostUpdated" }],
};

/** So many dead letters with one cause. */
export function group(count: number, changes: Partial<DeadLetterGroup> = {}): DeadLetterGroup {
  const { subscription: name, error: sample, event: its, since } = letter;
  return {
    subscription: name,
    error: CAUSE,
    sample,
    count,
    type: its.type,
    since,
    latest: since,
    ...changes,
  };
}

/** Of so many dead letters with one cause, what the bus says; `letters` of them it lists. */
export function deadLetters(count: number, letters: DeadLetter[] = count === 1 ? [letter] : []) {
  return {
    [SUBSCRIPTIONS]: json([subscription({ lag: count, parked: count, deadLetters: count })]),
    [GROUPS]: json(count > 0 ? [group(count)] : []),
    [lettersOf()]: json(letters),
  };
}

/** The call that lists the letters of that group. */
export function lettersOf(after = 0) {
  const error = encodeURIComponent(CAUSE);
  const more = after ? `&after=${after}` : "";
  return `GET /bus/dead-letters?subscription=${letter.subscription}&error=${error}&limit=50${more}`;
}

/** The bus as an operator sees it, without its stream: the page asks once a second. */
export function bus(rules: Parameters<typeof fakeServices>[0] = {}) {
  return fakeServices({
    "GET /bus/stream": new Response(null, { status: 204 }),
    [SUBSCRIPTIONS]: json([subscription(), subscription({ name: "posts", types: [] })]),
    "GET /bus/contracts": json([contract]),
    "GET /bus/faults": json({ drop: 0, repeat: 0, reorder: 0, delay: 0 }),
    "GET /bus/events?limit=100": json([]),
    "GET /bus/samples": json([]),
    ...rules,
  });
}

/** The bus's answer about one event, caused by the others. */
export function pathOf(id: string, chain: string[]) {
  const placed = (each: string) => ({ ...event, id: each, position: "7" });
  const became = { storedAt: event.time, deliveries: [] };
  const rest = {
    now: event.time,
    chain: chain.map((each) => ({ ...placed(each), ...became })),
    chainLeftOut: 0,
  };
  return json({ event: placed(id), ...became, ...rest });
}
