import { plural } from "../../../lib/text.ts";
import { exactTimeOf } from "../moments.ts";
import { sayMilliseconds } from "../say.ts";
import type { ChainEvent, TracedDelivery } from "../types.ts";

/** Waiting, in the order in which an event waits, and working. */
export type Kind = "outbox" | "waiting" | "between" | "parked" | "dead" | "failed" | "worked";
/** From when to when, in Unix milliseconds. */
export type Bar = { kind: Kind; from: number; to: number };
/** What is drawn in one line, and the same in words. */
export type Track = { bars: Bar[]; words: string };

/** How long an event was on its way from its publisher to the bus; the two may have clocks that differ. */
export function storing({ time, storedAt }: ChainEvent): Track {
  if (storedAt === null) return { bars: [], words: "the log does not record when it was stored" };
  const [from, to] = [exactTimeOf(time), exactTimeOf(storedAt)];
  const words =
    to < from
      ? `stored after 0 ms; the clocks differ by ${sayMilliseconds(from - to)} or more`
      : `stored after ${sayMilliseconds(to - from)}`;
  return { bars: [{ kind: "outbox", from: Math.min(from, to), to }], words };
}

/** What one subscription made of an event: until its first attempt, each attempt, between them, and until now. */
export function delivering(delivery: TracedDelivery, { time, storedAt }: ChainEvent, now: number): Track {
  const { state, attempts } = delivery;
  const since = exactTimeOf(storedAt ?? time);
  const bars: Bar[] = [];
  let end = since;
  let isSettled = false;
  for (const attempt of attempts) {
    const from = exactTimeOf(attempt.time);
    // What comes after a success was asked for: a replay.
    if (!isSettled)
      bars.push({ kind: bars.length === 0 ? "waiting" : "between", from: Math.min(end, from), to: from });
    end = from + attempt.latencyMs;
    bars.push({ kind: attempt.error === null ? "worked" : "failed", from, to: end });
    isSettled = attempt.error === null;
  }
  if (state === "parked" || state === "dead" || (state === "waiting" && !isSettled)) {
    const kind = state === "waiting" && attempts.length > 0 ? "between" : state;
    bars.push({ kind, from: end, to: Math.max(end, now) });
  }
  return { bars, words: sayTrack(bars, delivery, since) };
}

function sayTrack(bars: Bar[], { state, attempts, attemptsLeftOut }: TracedDelivery, since: number): string {
  const lasted = (kind: Kind) => sayMilliseconds(sum(bars.filter((bar) => bar.kind === kind)));
  const has = (kind: Kind) => bars.some((bar) => bar.kind === kind);
  const failed = bars.filter(({ kind }) => kind === "failed").length;
  const isUntried = attempts.length === 0;
  const early = isUntried ? 0 : since - exactTimeOf(attempts[0]?.time ?? "");
  const parts = [
    !isUntried && `waited ${lasted("waiting")}`,
    early > 0 && `the clocks differ by ${sayMilliseconds(early)} or more`,
    failed > 0 && `failed ${failed === 1 ? "once" : `${failed} times`} in ${lasted("failed")}`,
    attemptsLeftOut > 0 && `${plural(attemptsLeftOut, "more attempt")} not shown`,
    has("between") && `${lasted("between")} between attempts`,
    has("worked") && `worked ${lasted("worked")}`,
    has("waiting") && isUntried && `waiting for ${lasted("waiting")}`,
    bars.at(-1)?.kind === "between" && "waiting for the next",
    has("parked") && `parked ${isUntried ? "behind an earlier event " : ""}for ${lasted("parked")}`,
    has("dead") && `dead letter for ${lasted("dead")}`,
    state === "discarded" && "discarded",
    state === "settled" && isUntried && "settled; its attempts are no longer recorded",
  ];
  return parts.filter(Boolean).join(", ");
}

function sum(bars: Bar[]): number {
  return bars.reduce((all, { from, to }) => all + to - from, 0);
}
