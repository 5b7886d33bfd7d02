import type { DeliveryState, Subscription } from "./types.ts";

export function perSecond(rate: number): string {
  if (rate === 0) return "–";
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** What a subscription has still to get. */
export function sayLag({ lag, parked, deadLetters }: Subscription): string {
  const parts = [
    lag > parked && `${(lag - parked).toLocaleString("en")} behind`,
    parked > deadLetters && `${(parked - deadLetters).toLocaleString("en")} parked`,
    deadLetters > 0 && plural(deadLetters, "dead letter"),
  ];
  return parts.filter(Boolean).join(", ") || "up to date";
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

export function sayMilliseconds(milliseconds: number): string {
  if (milliseconds < 1_000)
    return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

/** The time of day to the millisecond, in the reader's zone. */
export function timeOfDay(iso: string): string {
  return clock.format(new Date(iso));
}
