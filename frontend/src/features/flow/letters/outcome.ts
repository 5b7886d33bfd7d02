import { isNotFound } from "../../../lib/problem.ts";
import { decide, type Target, type Verdict } from "../api/deadLetters.ts";
import { readPath } from "../api/events.ts";
import { listSubscriptions } from "../api/subscriptions.ts";
import { plural } from "../say.ts";
import type { DeadLetter } from "../types.ts";

const EVERY_MS = 500;
const WITHIN_MS = 20_000;

/** Decides, waits for what comes of it, and says that. */
export async function carryOut(verdict: Verdict, target: Target): Promise<string> {
  if (target !== "all" && "letter" in target) return carryOutOne(verdict, target.letter);
  const name = target === "all" ? "" : target.group.subscription;
  const before = await standing(name);
  const count = await decide(verdict, target);
  if (verdict === "discard") return `${plural(count, "dead letter")} discarded.`;
  const after = await settled(
    () => standing(name),
    ({ open }) => open === 0,
  );
  const failed = Math.min(count, Math.max(0, after.dead - (before.dead - count)));
  const applied = Math.max(0, count - failed - after.open);
  const parts = [
    applied > 0 && `${applied.toLocaleString("en")} applied`,
    failed > 0 && `${failed.toLocaleString("en")} failed again`,
    after.open > 0 && `${after.open.toLocaleString("en")} still waiting for an answer`,
  ];
  return `Retried ${plural(count, "dead letter")}: ${parts.filter(Boolean).join(", ") || "none is left"}.`;
}

async function carryOutOne(verdict: Verdict, letter: DeadLetter): Promise<string> {
  const what = `${letter.event.type} for ${letter.subscription}`;
  await decide(verdict, { letter });
  if (verdict === "discard") return `${what} is discarded.`;
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
  try {
    const { deliveries } = await readPath(event.id, AbortSignal.timeout(WITHIN_MS), event.source);
    return deliveries.find((delivery) => delivery.subscription === subscription);
  } catch (error) {
    if (isNotFound(error as Error)) return undefined;
    throw error;
  }
}

/** Of one subscription, or of all: how many dead letters there are, and how many decisions have no outcome yet. */
async function standing(name: string) {
  const all = await listSubscriptions(AbortSignal.timeout(WITHIN_MS));
  const its = all.filter((subscription) => !name || subscription.name === name);
  return {
    dead: its.reduce((sum, { deadLetters }) => sum + deadLetters, 0),
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
