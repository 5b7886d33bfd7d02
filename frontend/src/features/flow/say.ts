import { timeOf } from "./moments.ts";
import type { DeliveryState, Subscription } from "./types.ts";

const COUNTED = 10_000;

export function perSecond(rate: number): string {
  if (rate === 0) return "–";
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
}

/** Of what a subscription has still to get, what goes on by itself; when what is parked is tried again. */
export function sayWaiting({ lag, parked, deadLetters, nextRetry }: Subscription): string {
  const again =
    nextRetry === null ? "" : nextRetry < 1 ? ", trying again" : `, again in ${Math.round(nextRetry)} s`;
  const parts = [
    lag > parked && `${(lag - parked).toLocaleString("en")} behind`,
    parked > deadLetters && `${(parked - deadLetters).toLocaleString("en")} parked${again}`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** By what a person knows a post or a comment: its title, or its text. */
export function labelOf({ data }: { data?: Record<string, unknown> }): string {
  const text = [data?.title, data?.content].find((each) => typeof each === "string" && each !== "");
  return typeof text === "string" ? text.slice(0, 100) : "";
}

/** How many events a service could not hand to the bus yet; it counts no more than 10,000. */
export function sayOutbox(unsent: number): string {
  return unsent === 0 ? "empty" : `${sayUnsent(unsent)} unsent`;
}

export function sayUnsent(unsent: number): string {
  return `${unsent < COUNTED ? "" : "over "}${unsent.toLocaleString("en")}`;
}

export function sayTrouble({ lastError, nextTry }: Subscription): string {
  const next = nextTry === null ? "" : nextTry < 1 ? "; trying again" : `; again in ${Math.round(nextTry)} s`;
  return `${lastError ?? "no answer"}${next}`;
}

export const STATE_WORDS: Record<DeliveryState, string> = {
  settled: "settled",
  waiting: "waiting",
  parked: "parked",
  dead: "dead letter",
  discarded: "discarded",
};

/** The state that says most about an event: what needs a person first. */
export function worst(states: DeliveryState[]): DeliveryState | undefined {
  return (["dead", "parked", "waiting", "discarded", "settled"] as const).find((state) =>
    states.includes(state),
  );
}

const DAYS = ["days", 86_400_000] as const;
const UNITS = [
  ["s", 1_000],
  ["min", 60_000],
  ["h", 3_600_000],
] as const;

export function sayMilliseconds(milliseconds: number): string {
  if (milliseconds < 1_000)
    return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
  const [unit, its] = UNITS.find(([, its]) => milliseconds < 60 * its) ?? DAYS;
  return `${(milliseconds / its).toFixed(1)} ${unit}`;
}

const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

const dayClock = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});
const exactly = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  timeZoneName: "longOffset",
});

/** The day and the time to the millisecond, in the reader's zone. */
export function dayAndTime(iso: string): string {
  return dayClock.format(timeOf(iso));
}

/** With year and zone. */
export function wholeTime(iso: string): string {
  return exactly.format(timeOf(iso));
}

/** The reader's zone, as an offset and by name. */
export function zone(): string {
  const offset = exactly.formatToParts().find(({ type }) => type === "timeZoneName")?.value ?? "";
  const { timeZone } = exactly.resolvedOptions();
  return offset === timeZone || timeZone === "UTC" ? "UTC" : `${timeZone} (${offset})`;
}

/** The time of day to the millisecond, in the reader's zone. */
export function timeOfDay(iso: string): string {
  return clock.format(timeOf(iso));
}
