import { bodyOf, moderationService } from "../../../lib/api/client.ts";
import type { Selection } from "../asked.ts";
import type { Counts } from "../types.ts";

export async function countComments(query: Selection, signal: AbortSignal): Promise<Counts> {
  return bodyOf(await moderationService.GET("/moderation/counts", { params: { query }, signal }));
}
