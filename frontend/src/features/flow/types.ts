import type { components } from "../../lib/api/eventbus.d.ts";

type Schemas = components["schemas"];

export type Attempt = Schemas["Attempt"];
export type ChainEvent = Schemas["ChainEvent"];
export type CloudEvent = Schemas["CloudEvent"];
export type DeadLetter = Schemas["DeadLetter"];
export type DeadLetterGroup = Schemas["DeadLetterGroup"];
export type Delivery = Schemas["Delivery"];
export type DeliveryState = Schemas["DeliveryState"];
export type EventInLog = Schemas["PlacedEvent"];
export type Faults = Schemas["Faults"];
/** One event's way: when the bus stored it, each attempt to deliver it, and the chain it belongs to. */
export type Path = Schemas["EventPath"];
/** A delivery and its attempts. */
export type TracedDelivery = Schemas["TracedDelivery"];
/** What a subscription did in one minute. */
export type Minute = Schemas["SampledMinute"];
/** A subscription and the state of its deliveries. */
export type Subscription = Schemas["SubscriptionState"];

/** The part of JSON Schema in which the contracts are written. */
export type Property = {
  type?: string;
  format?: string;
  enum?: string[];
  description?: string;
  anyOf?: Property[];
};
export type Contract = Omit<Schemas["Contract"], "schema"> & {
  schema: { properties: Record<string, Property>; required?: string[] };
};

/** What the list shows of an event, and the stream tells; `deliveries` are unknown until the bus was asked. */
export type ListedEvent = Pick<
  CloudEvent,
  "id" | "type" | "source" | "subject" | "time" | "correlationid"
> & {
  /** Of an event that the stream told, the beginnings of its texts. */
  data?: Record<string, unknown>;
  position: string;
  deliveries?: Delivery[];
};

/** One delivery attempt, as the stream tells it. */
export type Delivered = {
  subscription: string;
  count: number;
  /** The first of them. */
  events: { id: string; type: string; subject: string }[];
  status: number | null;
  latencyMs: number;
  error: string | null;
};
