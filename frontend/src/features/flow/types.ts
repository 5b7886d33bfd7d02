/** An event as it is on the wire (CloudEvents 1.0). */
export type CloudEvent = {
  id: string;
  type: string;
  source: string;
  subject: string;
  time: string;
  correlationid: string;
  causationid?: string;
  data: unknown;
};

export type DeliveryState = "settled" | "waiting" | "parked" | "dead" | "discarded";
export type Delivery = { subscription: string; state: DeliveryState };

/** What the list shows of an event; `deliveries` are unknown until the bus was asked. */
export type ListedEvent = Pick<
  CloudEvent,
  "id" | "type" | "source" | "subject" | "time" | "correlationid"
> & {
  position: string;
  deliveries?: Delivery[];
};

export type Attempt = { time: string; status: number | null; latencyMs: number; error: string | null };
export type EventInLog = CloudEvent & { position: string };

/** One event's way: when the bus stored it, each attempt to deliver it, and the chain it belongs to. */
export type Path = {
  event: EventInLog;
  storedAt: string | null;
  deliveries: (Delivery & { attempts: Attempt[] })[];
  chain: EventInLog[];
};

/** A service's standing order at the bus, and how its delivery does. */
export type Subscription = {
  name: string;
  url: string;
  types: string[];
  batchSize: number;
  format: "batch" | "single";
  state: "active" | "retrying" | "paused";
  cursor: string;
  lag: number;
  lastError: string | null;
  attempts: number;
  /** Seconds. */
  nextTry: number | null;
  parked: number;
  deadLetters: number;
  lastHeard: string | null;
};

export type DeadLetter = {
  id: number;
  subscription: string;
  event: CloudEvent;
  error: string;
  attempts: number;
  since: string;
  behind: { id: string; type: string }[];
};

export type Property = {
  type?: string;
  format?: string;
  enum?: string[];
  description?: string;
  anyOf?: Property[];
};

export type Contract = {
  type: string;
  publisher: string;
  consumers: string[];
  version: number;
  description: string;
  schema: { properties: Record<string, Property>; required?: string[] };
  example: CloudEvent;
};

/** Parts of one, and seconds of delay. */
export type Faults = { drop: number; repeat: number; reorder: number; delay: number };

/** One delivery attempt, as the stream tells it. */
export type Delivered = {
  subscription: string;
  count: number;
  events: { id: string; type: string; subject: string }[];
  status: number | null;
  latencyMs: number;
  error: string | null;
};
