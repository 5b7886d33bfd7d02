import type { ListedEvent } from "../types.ts";

export const KEPT = 10_000;
/** Nobody reads faster than this, and a list that changes costs more than all the rest. */
const LIST_EVERY_MS = 400;

/** What an event is known by: two publishers may use the same id. */
export function keyOf({ source, id }: ListedEvent): string {
  return `${source} ${id}`;
}

/** What was published, newest first and each once, at most KEPT. */
export class Listing {
  #known = new Set<string>();
  #fresh: ListedEvent[] = [];
  #listedAt = -Infinity;

  /** False: it is in the list already. */
  add(event: ListedEvent): boolean {
    if (this.has(event)) return false;
    this.#known.add(keyOf(event));
    this.#fresh.push(event);
    return true;
  }

  has(event: ListedEvent): boolean {
    return this.#known.has(keyOf(event));
  }

  get isEmpty() {
    return this.#known.size === 0;
  }

  get hasFresh() {
    return this.#fresh.length > 0;
  }

  /** What came since the last time on top of what was listed then; the same list when it is not time yet. */
  over(listed: readonly ListedEvent[], now: number): readonly ListedEvent[] {
    if (!this.hasFresh || now < this.#listedAt + LIST_EVERY_MS) return listed;
    this.#listedAt = now;
    const all = [...this.#fresh.splice(0).reverse(), ...listed];
    for (const event of all.splice(KEPT)) this.#known.delete(keyOf(event));
    return all;
  }

  clear() {
    this.#known.clear();
    this.#fresh = [];
  }
}
