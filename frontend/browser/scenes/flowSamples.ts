const SECOND = 1_000;
const START = Date.parse("2026-03-02T14:03:22.114Z");
const id = (number: number) => `3f0c51d2-9a4e-4c11-8f7b-${String(number).padStart(12, "0")}`;
const at = (milliseconds: number) => new Date(START + milliseconds).toISOString().replace("Z", "000Z");
const ago = (seconds: number) => new Date(Date.now() - seconds * SECOND).toISOString();

const subject = { post: id(1), comment: id(2), poison: id(3), other: id(4) };

type State = "settled" | "waiting" | "parked" | "dead" | "discarded";

const consumers: Record<string, string[]> = {
  PostCreated: ["query"],
  CommentCreated: ["moderation", "query"],
  CommentModerated: ["comments"],
  CommentUpdated: ["moderation", "query"],
};

function event(number: number, type: string, source: string, about: string, time: number, cause?: number) {
  const { length } = String(number);
  return {
    specversion: "1.0",
    id: id(100 + number),
    source: `/${source}`,
    type,
    subject: about,
    time: at(time),
    datacontenttype: "application/json",
    dataschema: `/schemas/${type}/1`,
    correlationid: id(900 + (cause ?? number)),
    ...(cause && { causationid: id(100 + cause) }),
    data: {
      id: about,
      postId: subject.post,
      content: "Which hill?",
      author: "Ada",
      status: "pending",
      version: length,
    },
    position: String(number),
  };
}

const created = event(41, "CommentCreated", "comments", subject.comment, 0);
const moderated = {
  ...event(42, "CommentModerated", "moderation", subject.comment, 1_618, 41),
  correlationid: created.correlationid,
};
const updated = {
  ...event(43, "CommentUpdated", "comments", subject.comment, 1_634, 42),
  correlationid: created.correlationid,
};
const poison = event(38, "CommentCreated", "comments", subject.poison, listedTime(38));

export const chain = [created, moderated, updated];

/** Newest first, as the bus lists them. */
export const listed = [
  { ...updated, ...states(updated.type) },
  { ...moderated, ...states(moderated.type) },
  { ...created, ...states(created.type) },
  ...Array.from({ length: 37 }, (_, index) => listedAt(40 - index)),
];

function listedAt(number: number) {
  const kinds = [
    ["CommentUpdated", "comments"],
    ["CommentModerated", "moderation"],
    ["CommentCreated", "comments"],
    ["PostCreated", "posts"],
  ] as const;
  const [type, source] = kinds[(40 - number) % kinds.length] ?? kinds[0];
  if (number === 38) return { ...poison, ...states("CommentCreated", { moderation: "dead" }) };
  return {
    ...event(number, type, source, id(1_000 + (number >> 2)), listedTime(number)),
    ...states(type),
  };
}

function listedTime(number: number) {
  return (number - 43) * 2_300;
}

function states(type: string, changes: Record<string, State> = {}) {
  return {
    deliveries: (consumers[type] ?? []).map((subscription) => ({
      subscription,
      state: changes[subscription] ?? "settled",
    })),
  };
}

/** How each subscription does, but for the changes. */
export function subscriptions(changes: Record<string, Record<string, unknown>> = {}) {
  const sample = (name: string, port: number, types: string[]) => ({
    name,
    url: `http://localhost:${port}/events`,
    types,
    batchSize: 500,
    catchUp: "bus",
    format: "batch",
    inboxId: id(port),
    state: "active",
    cursor: "43",
    lag: 0,
    lastError: null,
    attempts: 0,
    nextTry: null,
    parked: 0,
    deadLetters: 0,
    deciding: 0,
    retrying: 0,
    nextRetry: null,
    lastHeard: ago(2),
    ...changes[name],
  });
  return [
    sample("comments", 4001, ["CommentModerated"]),
    sample("moderation", 4003, ["CommentCreated", "CommentUpdated"]),
    sample("posts", 4000, []),
    sample("query", 4002, ["CommentCreated", "CommentUpdated", "PostCreated"]),
  ];
}

const MANY = ["CommentCreated", "CommentModerated", "CommentUpdated", "PostCreated", "PostUpdated"];

/** Six services that publish five types each, and order as many. */
export const six = ["comments", "moderation", "notifications", "posts", "query", "recommendations"].map(
  (name, index) => ({
    ...subscriptions({ query: { name, types: MANY, lag: index * 37, parked: 0 } })[3],
    name,
  }),
);

/** What the stream says of one comment on its way. */
export const passing: [string, unknown][] = [
  ["published", event(44, "PostCreated", "posts", subject.post, 2_900)],
  ["published", event(45, "CommentCreated", "comments", subject.other, 2_950)],
  ["delivered", { subscription: "query", count: 12, events: [], status: 200, latencyMs: 4.1, error: null }],
  [
    "delivered",
    {
      subscription: "comments",
      count: 1,
      events: [{ id: moderated.id, type: moderated.type, subject: moderated.subject }],
      status: 200,
      latencyMs: 3.2,
      error: null,
    },
  ],
];

function traced(subscription: string, ...attempts: [number, number | null, number, string | null][]) {
  return {
    subscription,
    state: "settled",
    nextTry: null,
    attempts: attempts.map(([time, status, latencyMs, error]) => ({
      time: at(time),
      status,
      latencyMs,
      error,
    })),
    attemptsLeftOut: 0,
  };
}

const became = {
  storedAt: at(4),
  deliveries: [
    traced(
      "moderation",
      [9, null, 1.2, "connection refused by localhost:4003"],
      [530, 503, 2.8, "answered 503: The database does not answer."],
      [1_610, 200, 11.4, null],
    ),
    traced("query", [8, 200, 3.1, null]),
  ],
};

export const path = {
  event: created,
  ...became,
  chain: [
    { ...created, ...became },
    { ...moderated, storedAt: at(1_624), deliveries: [traced("comments", [1_629, 200, 7.3, null])] },
    {
      ...updated,
      storedAt: at(1_639),
      deliveries: [traced("moderation", [1_644, 200, 2.2, null]), traced("query", [1_643, 200, 4.6, null])],
    },
  ],
  chainLeftOut: 0,
  now: at(5_000),
};

const failing: [number, number, number, string][] = [12, 260, 790, 1_820, 3_960].map((time) => [
  time,
  500,
  31,
  "answered 500: I cannot read this.",
]);
const lost = {
  storedAt: at(-3),
  deliveries: [
    { ...traced("moderation", ...failing), state: "dead", attemptsLeftOut: 3 },
    traced("query", [8, 200, 3.1, null]),
  ],
};

/** A dead letter for two hours, of a publisher whose clock is ahead, and an event of which nothing became yet. */
export const pathOfDead = {
  event: created,
  ...lost,
  chain: [
    { ...created, ...lost },
    { ...updated, storedAt: at(1_637), deliveries: [{ ...traced("query"), state: "waiting" }] },
  ],
  chainLeftOut: 12,
  now: at(7_200_000),
};

/** What the bus sampled, minute by minute. */
export const hour = ["comments", "moderation", "query"].map((subscription, index) => ({
  subscription,
  minutes: Array.from({ length: 60 }, (_, minute) => {
    const wave = Math.round(20 * (1 + index) * (1 + Math.sin((minute + 9 * index) / 6)));
    const isQuiet = minute > 20 && minute < 26;
    const p50Ms = isQuiet ? null : 4 + index + (minute % 7) / 3;
    return {
      time: new Date(Math.floor(Date.now() / 60_000 - 60 + minute) * 60_000).toISOString(),
      settled: isQuiet ? 0 : wave,
      lag: minute === 40 ? 120 : minute % 3,
      p50Ms,
      p95Ms: p50Ms && p50Ms * 2.4,
    };
  }),
}));

export const groups = [
  {
    subscription: "moderation",
    error: "KeyError: … at apply.py:74 > handlers.py:31",
    sample: "KeyError: 'postId'",
    count: 3,
    type: "CommentCreated",
    since: ago(4_000),
    latest: ago(140),
  },
  {
    subscription: "query",
    error: "ValidationError: …",
    sample: "ValidationError: data.title: Field required",
    count: 1,
    type: "PostCreated",
    since: ago(90),
    latest: ago(90),
  },
];

export const deadLetters = [
  {
    id: 1,
    subscription: "moderation",
    event: poison,
    error: "KeyError: 'postId'",
    at: "apply.py:74 > handlers.py:31",
    attempts: 8,
    since: ago(140),
    behind: [{ id: id(139), type: "CommentUpdated" }],
  },
];

const text = (description: string) => ({ type: "string", description });
const fields = {
  id: text("The subject: what the event is about, and within which events keep their order."),
  version: {
    anyOf: [{ type: "integer" }, { type: "null" }],
    description:
      "Counts the publisher's changes to this subject, from 1; null only from a foreign publisher.",
  },
  postId: text("The post that it is about; the post itself may be heard of later."),
  content: text("Its text."),
  author: text("The name that its author gave."),
  status: {
    type: "string",
    enum: ["pending", "approved", "rejected"],
    description: "`pending`: nobody has decided yet.",
  },
  createdAt: {
    anyOf: [{ type: "string", format: "date-time" }, { type: "null" }],
    description: "When it was written.",
  },
};

function contract(type: string, publisher: string, description: string) {
  return {
    type,
    publisher,
    consumers: consumers[type] ?? [],
    version: 1,
    description,
    schema: { properties: fields, required: ["id", "postId", "content", "status"] },
    example: { ...created, type, position: undefined },
  };
}

export const contracts = [
  contract("PostCreated", "posts", "A post was written. Subject: the post."),
  contract(
    "CommentCreated",
    "comments",
    "A comment was written and waits for moderation. Subject: the comment.",
  ),
  contract("CommentUpdated", "comments", "A comment changed; carries the whole of it. Subject: the comment."),
  contract("CommentModerated", "moderation", "A comment was judged. Subject: the comment."),
];

export const manyContracts = six.flatMap(({ name }) =>
  MANY.map((type, index) =>
    contract(index === 0 ? `${type}By${name}` : `${type}${index}${name}`, name ?? "", "It happened."),
  ),
);

export const ids = { created: created.id };
