import { bodyOf, moderationService } from "../../../lib/api/client.ts";
import { nextBefore } from "../../../lib/api/paging.ts";
import { type Asked, queryOf } from "../asked.ts";
import type { Judged } from "../types.ts";

export type QueuePage = { comments: Judged[]; before: string | undefined };

export async function listComments(
  asked: Asked,
  before: string | undefined,
  signal: AbortSignal,
): Promise<QueuePage> {
  const query = { ...queryOf(asked), ...(before && { before }) };
  const answer = await moderationService.GET("/moderation/comments", { params: { query }, signal });
  return { comments: bodyOf(answer), before: nextBefore(answer.response) };
}

/** The comments of a post around one of them, oldest first. */
export async function listAround({ postId, id }: Judged, signal: AbortSignal): Promise<Around> {
  const near = async (order: "newest" | "oldest") => {
    const query = { post: postId, order, before: id, limit: AROUND };
    return bodyOf(await moderationService.GET("/moderation/comments", { params: { query }, signal }));
  };
  const [earlier, later] = await Promise.all([near("newest"), near("oldest")]);
  return { earlier: earlier.reverse(), later };
}

const AROUND = 3;
type Around = { earlier: Judged[]; later: Judged[] };
