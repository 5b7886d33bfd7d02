import { bodyOf, moderationService } from "../../../lib/api/client.ts";
import { nextBefore } from "../../../lib/api/paging.ts";
import type { Judged, Status } from "../types.ts";

export type QueuePage = { comments: Judged[]; before: string | undefined };

export async function listComments(
  status: Status,
  before: string | undefined,
  signal: AbortSignal,
): Promise<QueuePage> {
  const query = before ? { status, before } : { status };
  const answer = await moderationService.GET("/moderation/comments", { params: { query }, signal });
  return { comments: bodyOf(answer), before: nextBefore(answer.response) };
}
