import { bodyOf, moderationService } from "../../../lib/api/client.ts";
import type { Judged, Sent } from "../types.ts";

export async function decide(id: string, body: Sent): Promise<Judged> {
  return bodyOf(
    await moderationService.POST("/moderation/comments/{comment_id}/decision", {
      params: { path: { comment_id: id } },
      body,
    }),
  );
}
