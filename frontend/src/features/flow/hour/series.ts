import { sayMilliseconds, sayUnsent } from "../say.ts";
import type { Minute } from "../types.ts";

const MINUTES = 60;
const MINUTE_MS = 60_000;

/** One thing that is sampled each minute: what of a minute it is, and how it is said. */
export type Series = { label: string; of: (minute: Minute) => number | null; say: (value: number) => string };

const count = (value: number) => value.toLocaleString("en");

export const SETTLED: Series = { label: "Events per minute", of: ({ settled }) => settled, say: count };
const LAG: Series = { label: "Lag", of: ({ lag }) => lag, say: count };
const P50: Series = { label: "Latency, median", of: ({ p50Ms }) => p50Ms, say: sayMilliseconds };
const P95: Series = {
  label: "Latency, 95th percentile",
  of: ({ p95Ms }) => p95Ms,
  say: sayMilliseconds,
};

export const OUTBOX: Series = { label: "Outbox", of: ({ unsent }) => unsent ?? null, say: sayUnsent };

/** What is known of these minutes: a foreign service says nothing of an outbox, and who subscribes to nothing has no lag. */
export function seriesOf(minutes: Minute[], isSubscribed: boolean): Series[] {
  const has = minutes.some((minute) => OUTBOX.of(minute) !== null);
  return [...(isSubscribed ? [SETTLED, LAG, P50, P95] : []), ...(has ? [OUTBOX] : [])];
}

/** Where each value of the last hour is drawn, as SVG paths in a box; a minute without a value interrupts the line. */
export function pathOf(minutes: Minute[], of: Series["of"], box: { width: number; height: number }): string {
  const last = Math.max(...minutes.map(minuteOf));
  const most = Math.max(1, ...minutes.map((minute) => of(minute) ?? 0));
  let before = Number.NaN;
  return minutes
    .flatMap((minute) => {
      const value = of(minute);
      if (value === null) return [];
      const at = minuteOf(minute);
      const x = (box.width * (MINUTES - 1 - (last - at))) / (MINUTES - 1);
      const y = box.height - (box.height * value) / most;
      const step = `${at === before + 1 ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
      before = at;
      // A lone value is a dot: a line of no length with round ends.
      return step.startsWith("M") ? [`${step}h0`] : [step];
    })
    .join("");
}

/** The least, the most and the newest of the last hour, in words; for who does not see the line. */
export function sayHour(minutes: Minute[], { of, say }: Series): string {
  const values = minutes.map(of).filter((value) => value !== null);
  const last = minutes.at(-1);
  if (values.length === 0 || !last) return "nothing in the last hour";
  const now = of(last);
  return `least ${say(Math.min(...values))}, most ${say(Math.max(...values))}, now ${now === null ? "none" : say(now)}`;
}

function minuteOf({ time }: Minute): number {
  return Math.round(Date.parse(time) / MINUTE_MS);
}
