import { bodyOf, busService } from "../../../lib/api/client.ts";
import type { Subscription } from "../types.ts";

export async function listSubscriptions(signal: AbortSignal) {
  return bodyOf(await busService.GET("/bus/subscriptions", { signal })) as unknown as Subscription[];
}
