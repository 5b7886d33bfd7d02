import { bodyOf, busService } from "../../../lib/api/client.ts";
import type { components } from "../../../lib/api/eventbus.d.ts";

/** What a subscription says: which events go where, and how. */
export type SubscriptionOptions = Omit<components["schemas"]["SubscriptionOptionsRequest"], "inboxId">;

export async function listSubscriptions(signal: AbortSignal) {
  return bodyOf(await busService.GET("/bus/subscriptions", { signal }));
}

/** Resolves with what changed about it. */
export async function pauseSubscription(name: string) {
  return bodyOf(await busService.POST("/bus/subscriptions/{name}/pause", { params: { path: { name } } }));
}

export async function resumeSubscription(name: string) {
  return bodyOf(await busService.POST("/bus/subscriptions/{name}/resume", { params: { path: { name } } }));
}

/** How many events a replay from there would send again. */
export async function previewReplay(name: string, from: string, signal: AbortSignal) {
  const params = { path: { name }, query: { from } };
  return bodyOf(await busService.GET("/bus/subscriptions/{name}/replay", { params, signal }));
}

/** `from`: `beginning`, a position (what follows it), or an RFC 3339 time. */
export async function replaySubscription(name: string, from: string) {
  await busService.POST("/bus/subscriptions/{name}/replay", { params: { path: { name } }, body: { from } });
}

/** Makes the subscription, or changes it. */
export async function subscribe(name: string, body: SubscriptionOptions) {
  await busService.PUT("/bus/subscriptions/{name}", { params: { path: { name } }, body });
}

export async function unsubscribe(name: string) {
  await busService.DELETE("/bus/subscriptions/{name}", { params: { path: { name } } });
}
