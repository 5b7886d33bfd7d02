import { bodyOf, moderationService } from "../../../lib/api/client.ts";
import type { Counts } from "../types.ts";

export async function countComments(signal: AbortSignal): Promise<Counts> {
  return bodyOf(await moderationService.GET("/moderation/counts", { signal }));
}
