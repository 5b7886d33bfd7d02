import type { Delivered, ListedEvent } from "../types.ts";
import { Causes, chainOf } from "./causes.ts";
import { remember } from "./remember.ts";

/** Events on their way along one edge of the map, drawn as one dot. */
export type Travel = { key: number; since: number; count: number; label: string; hasFailed: boolean };
export type Travels = Record<string, readonly Travel[]>;

type Departure = { edge: string; at: number; count: number; label: string; hasFailed: boolean };

/** What takes milliseconds is shown at a pace that eyes can follow. */
export const TRAVEL_MS = 900;
const GAP_MS = 300;
const MOST_BEHIND_MS = 6_000;

export const into = (service: string) => `into:${service}`;
export const outTo = (subscription: string) => `out:${subscription}`;

/**
 * Turns what the stream tells into dots: an event leaves the bus only when its dot has arrived there, and what it
 * causes departs only when it has been delivered. Where there are many, they travel together.
 */
export class Dispatcher {
  #causes = new Causes();
  #departures: Departure[] = [];
  #travels: Travels = {};
  #lastOn = new Map<string, number>();
  #atBus = new Map<string, { at: number; chain: string }>();
  #chainAt = new Map<string, number>();
  #key = 0;

  published(event: ListedEvent, at: number) {
    this.#causes.hear({ at, event });
  }

  delivered(delivery: Delivered, at: number) {
    this.#causes.hear({ at, delivery });
  }

  #plan(now: number) {
    for (const { event, delivery } of this.#causes.take(now)) {
      if (event) this.#toBus(event, now);
      else this.#toSubscriber(delivery, now);
    }
  }

  #toBus(event: ListedEvent, now: number) {
    const { id, type, source } = event;
    const chain = chainOf(event);
    const at = within(now, this.#chainAt.get(chain));
    remember(this.#atBus, id, { at: at + TRAVEL_MS, chain });
    this.#departures.push({ edge: into(source.slice(1)), at, count: 1, label: type, hasFailed: false });
  }

  #toSubscriber({ subscription, count, events, error }: Delivered, now: number) {
    const known = events.flatMap(({ id }) => this.#atBus.get(id) ?? []);
    const at = within(now, Math.max(...known.map((event) => event.at)));
    const label = count === 1 ? (events[0]?.type ?? "") : "";
    this.#departures.push({ edge: outTo(subscription), at, count, label, hasFailed: error !== null });
    if (error === null) for (const { chain } of known) remember(this.#chainAt, chain, at + TRAVEL_MS);
  }

  get isBusy() {
    return !this.#causes.isEmpty || this.#departures.length > 0 || Object.keys(this.#travels).length > 0;
  }

  clear() {
    this.#causes.clear();
    this.#departures = [];
    this.#travels = {};
  }

  /** The dots to draw now; an edge on which nothing changed keeps its array. */
  at(now: number): Travels {
    this.#plan(now);
    for (const [edge, travels] of Object.entries(this.#travels)) {
      const left = travels.filter(({ since }) => now < since + TRAVEL_MS);
      if (left.length < travels.length) this.#set(edge, left);
    }
    const due = this.#departures.filter(({ at }) => at <= now);
    this.#departures = this.#departures.filter(({ at }) => at > now);
    for (const departure of merged(due)) this.#depart(departure, now);
    return this.#travels;
  }

  #depart(departure: Departure, now: number) {
    const { edge, count, label, hasFailed } = departure;
    if (now < (this.#lastOn.get(edge) ?? -Infinity) + GAP_MS) {
      this.#departures.push(departure);
      return;
    }
    this.#lastOn.set(edge, now);
    this.#set(edge, [
      ...(this.#travels[edge] ?? []),
      { key: ++this.#key, since: now, count, label, hasFailed },
    ]);
  }

  #set(edge: string, travels: Travel[]) {
    const { [edge]: _, ...others } = this.#travels;
    this.#travels = travels.length > 0 ? { ...others, [edge]: travels } : others;
  }
}

function merged(due: Departure[]): Departure[] {
  const together = new Map<string, Departure>();
  for (const departure of due) {
    const key = `${departure.edge} ${departure.hasFailed}`;
    const first = together.get(key);
    const count = (first?.count ?? 0) + departure.count;
    together.set(key, first ? { ...first, count, label: "" } : departure);
  }
  return [...together.values()];
}

/** Not before what came before, and not so late that the picture is of the past. */
function within(now: number, earliest = now) {
  return Math.min(Math.max(now, earliest), now + MOST_BEHIND_MS);
}
