import { bodyOf, busService } from "../../../lib/api/client.ts";
import type { Subscription } from "../types.ts";

export async function listSubscriptions(signal: AbortSignal) {
  return bodyOf(await busService.GET("/bus/subscriptions", { signal })) as unknown as Subscription[];
}

/** Resolves with what changed about it. */
export async function pauseSubscription(name: string) {
  return bodyOf(
    await busService.POST("/bus/subscriptions/{name}/pause", { params: { path: { name } } }),
  ) as unknown as Pick<Subscription, "state">;
}

export async function resumeSubscription(name: string) {
  return bodyOf(
    await busService.POST("/bus/subscriptions/{name}/resume", { params: { path: { name } } }),
  ) as unknown as Pick<Subscription, "state">;
}

/** How many events a replay from there would send again. */
export async function previewReplay(name: string, from: string, signal: AbortSignal) {
  const params = { path: { name }, query: { from } };
  return bodyOf(await busService.GET("/bus/subscriptions/{name}/replay", { params, signal })) as unknown as {
    events: number;
  };
}

/** `from`: `beginning`, a position (what follows it), or an RFC 3339 time. */
export async function replaySubscription(name: string, from: string) {
  await busService.POST("/bus/subscriptions/{name}/replay", { params: { path: { name } }, body: { from } });
}
