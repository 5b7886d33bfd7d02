import type { Delivered, ListedEvent } from "../types.ts";
import { remember } from "./remember.ts";

type Heard =
  | { at: number; event: ListedEvent; delivery?: never }
  | { at: number; event?: never; delivery: Delivered };

/** The stream may tell an effect a moment before its cause; this long a cause is waited for. */
const HOLD_MS = 250;
/** Beyond this many at once nobody can tell which was first. */
const MANY = 50;

/** Puts what the stream tells into the order of cause and effect: published, delivered, and what came of that. */
export class Causes {
  #heard: Heard[] = [];
  #published = new Map<string, { chain: string; place: number }>();
  #place = 0;

  hear(heard: Heard) {
    this.#heard.push(heard);
    const { event } = heard;
    if (event) remember(this.#published, event.id, { chain: chainOf(event), place: ++this.#place });
  }

  get isEmpty() {
    return this.#heard.length === 0;
  }

  clear() {
    this.#heard = [];
  }

  /** What may be shown now, causes first; the rest is kept for a moment, as its cause may still be to come. */
  take(now: number): Heard[] {
    const ripe = this.#heard.filter(({ at }) => at <= now - HOLD_MS);
    if (ripe.length > MANY) {
      this.#heard = this.#heard.slice(ripe.length);
      return ripe;
    }
    return ripe.map(() => {
      const left = ripe.filter((heard) => this.#heard.includes(heard));
      const next = left.find((heard) => !this.#hasCauseWaiting(heard)) ?? (left[0] as Heard);
      this.#heard.splice(this.#heard.indexOf(next), 1);
      return next;
    });
  }

  #hasCauseWaiting({ event, delivery }: Heard): boolean {
    if (delivery) return this.#heard.some((other) => other.event && carries(delivery, other.event.id));
    const subscription = event.source.slice(1);
    const place = this.#published.get(event.id)?.place ?? 0;
    return this.#heard.some(
      ({ delivery: other }) =>
        other?.subscription === subscription &&
        other.events.some(({ id }) => {
          const cause = this.#published.get(id);
          return cause?.chain === chainOf(event) && cause.place < place;
        }),
    );
  }
}

export function chainOf({ id, correlationid }: ListedEvent): string {
  return correlationid ?? id;
}

function carries({ events }: Delivered, eventId: string) {
  return events.some(({ id }) => id === eventId);
}
