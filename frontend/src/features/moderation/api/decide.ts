import { bodyOf, moderationService } from "../../../lib/api/client.ts";
import type { Judged, Outcome, Sent } from "../types.ts";

export async function decide(id: string, body: Sent): Promise<Judged> {
  return bodyOf(
    await moderationService.POST("/moderation/comments/{comment_id}/decision", {
      params: { path: { comment_id: id } },
      body,
    }),
  );
}

/** What came of each, in the same order. */
export async function decideAll(decisions: (Sent & { id: string })[]): Promise<Outcome[]> {
  return bodyOf(await moderationService.POST("/moderation/decisions", { body: { decisions } })).results;
}
