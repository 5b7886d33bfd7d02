import type { Subscription } from "../types.ts";

/** The bus looks at its subscriptions once a second. */
const SETTLES_MS = 2_000;

export type Done = Pick<Subscription, "name" | "state">;

/** What an operator did a moment ago: what was on its way then may still say otherwise. */
export class Settling {
  #done = new Map<string, { state: Done["state"]; until: number }>();

  add({ name, state }: Done, now: number) {
    this.#done.set(name, { state, until: now + SETTLES_MS });
  }

  over(subscriptions: Subscription[], now: number): Subscription[] {
    return subscriptions.map((told) => {
      const done = this.#done.get(told.name);
      return done && now < done.until ? { ...told, state: done.state } : told;
    });
  }
}
