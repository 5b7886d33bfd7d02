import type { Subscription } from "../types.ts";

/** What is worst about it: a dead letter needs a person, all else goes on by itself or was wanted. */
export function standingOf(subscription: Subscription | undefined): Subscription["state"] | "dead" {
  if (!subscription) return "active";
  return subscription.deadLetters > 0 ? "dead" : subscription.state;
}
