const WINDOW_MS = 5_000;

type Count = { at: number; key: string; count: number };

/** Counts by key over the last seconds. */
export class Meter {
  #counts: Count[] = [];

  add(key: string, count: number, at: number) {
    this.#counts.push({ at, key, count });
  }

  /** Per second; a key that is not there is zero. */
  rates(now: number): Record<string, number> {
    const first = this.#counts.findIndex(({ at }) => at > now - WINDOW_MS);
    this.#counts = first < 0 ? [] : this.#counts.slice(first);
    const sums: Record<string, number> = {};
    for (const { key, count } of this.#counts) sums[key] = (sums[key] ?? 0) + count;
    return Object.fromEntries(Object.entries(sums).map(([key, sum]) => [key, sum / (WINDOW_MS / 1_000)]));
  }
}
