import { bodyOf, moderationService } from "../../../lib/api/client.ts";
import type { Judged } from "../types.ts";

export async function readComment(id: string, signal: AbortSignal): Promise<Judged> {
  const params = { path: { comment_id: id } };
  return bodyOf(await moderationService.GET("/moderation/comments/{comment_id}", { params, signal }));
}
