import { unlessNotFound } from "../../../lib/problem.ts";
import { plural } from "../../../lib/text.ts";
import { decide, type GroupKey, listGroups, type Target, type Verdict } from "../api/deadLetters.ts";
import { readPath } from "../api/events.ts";
import { listSubscriptions } from "../api/subscriptions.ts";
import type { DeadLetter } from "../types.ts";

const EVERY_MS = 500;
const WITHIN_MS = 20_000;

/** Decides, waits for what comes of it, and says that. */
export async function carryOut(verdict: Verdict, target: Target): Promise<string> {
  if (target !== "all" && "letter" in target) return carryOutOne(verdict, target.letter);
  const before = await standing(target);
  const count = await decide(verdict, target);
  const what = plural(count, "dead letter");
  if (verdict === "discard") return `${what} discarded.`;
  return ifKnown(what, async () => {
    const after = await settled(
      () => standing(target),
      ({ open }) => open === 0,
    );
    const dead = Math.min(count, Math.max(0, after.dead - (before.dead - count)));
    // A retry may fail for another cause; but what has one may also be an event that was not retried.
    const again = Math.min(dead, target === "all" ? dead : await sizeOf(target.group));
    return `Retried ${what}: ${sayOutcome(count, again, dead - again, after.open)}.`;
  });
}

function sayOutcome(count: number, again: number, others: number, open: number): string {
  const applied = Math.max(0, count - again - others - open);
  const parts = [
    applied > 0 && `${others > 0 ? "at least " : ""}${applied.toLocaleString("en")} applied`,
    again > 0 && `${again.toLocaleString("en")} failed again`,
    others > 0 && `${others.toLocaleString("en")} new with another cause`,
    open > 0 && `${open.toLocaleString("en")} still waiting for an answer`,
  ];
  return parts.filter(Boolean).join(", ") || "none is left";
}

/** The bus took the retry: a look that fails after that is no failed retry. */
async function ifKnown(what: string, outcome: () => Promise<string>): Promise<string> {
  try {
    return await outcome();
  } catch (error) {
    return `Retried ${what}; the outcome is not known. ${(error as Error).message}`;
  }
}

async function carryOutOne(verdict: Verdict, letter: DeadLetter): Promise<string> {
  const what = `${letter.event.type} for ${letter.subscription}`;
  await decide(verdict, { letter });
  if (verdict === "discard") return `${what} is discarded.`;
  return ifKnown(what, () => outcomeOf(letter, what));
}

async function outcomeOf(letter: DeadLetter, what: string): Promise<string> {
  const delivery = await settled(
    () => deliveryOf(letter),
    (found) => found?.state !== "parked" && found?.state !== "waiting",
  );
  switch (delivery?.state) {
    case "settled":
      return `${what}: applied.`;
    case "dead":
      return `${what} failed again: ${delivery.attempts.at(-1)?.error ?? letter.error}`;
    case "discarded":
      return `${what} was discarded meanwhile.`;
    case undefined:
      return `${what} is retried. The index does not have this event any more, so its outcome is not known here.`;
    default:
      return `${what} still waits for an answer of ${letter.subscription}.`;
  }
}

async function deliveryOf({ event, subscription }: DeadLetter) {
  const path = await unlessNotFound(undefined, () => readPath(event.id, soon(), event.source));
  return path?.deliveries.find((delivery) => delivery.subscription === subscription);
}

async function sizeOf({ subscription, error }: GroupKey): Promise<number> {
  let skip: number | undefined = 0;
  while (skip !== undefined) {
    const { groups, next }: Awaited<ReturnType<typeof listGroups>> = await listGroups(skip, soon());
    const its = groups.find((each) => each.subscription === subscription && each.error === error);
    if (its) return its.count;
    skip = next;
  }
  return 0;
}

function soon() {
  return AbortSignal.timeout(WITHIN_MS);
}

/** Of one subscription, or of all: how many dead letters are left alone, and how many decisions have no outcome yet. */
async function standing(target: Exclude<Target, { letter: DeadLetter }>) {
  const all = await listSubscriptions(soon());
  const its = all.filter(({ name }) => target === "all" || name === target.group.subscription);
  return {
    dead: its.reduce((sum, { deadLetters, deciding }) => sum + deadLetters - deciding, 0),
    open: its.reduce((sum, { deciding, retrying }) => sum + deciding + retrying, 0),
  };
}

/** What `look` finds once that `isSettled`, or after a while. */
async function settled<T>(look: () => Promise<T>, isSettled: (found: T) => boolean): Promise<T> {
  const until = Date.now() + WITHIN_MS;
  let found = await look();
  while (!isSettled(found) && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    found = await look();
  }
  return found;
}
