import { bodyOf, moderationService } from "../../../lib/api/client.ts";
import type { Decision, Judged } from "../types.ts";

export async function decide(id: string, body: Decision): Promise<Judged> {
  return bodyOf(
    await moderationService.POST("/moderation/comments/{comment_id}/decision", {
      params: { path: { comment_id: id } },
      body,
    }),
  );
}
