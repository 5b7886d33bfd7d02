import { writtenIn } from "../../../lib/api/blog.ts";
import { anyBodyOf, commentsService } from "../../../lib/api/client.ts";
import type { OwnComment } from "../types.ts";

export type CommentDraft = { content: string; author: string };

/** Null where it was taken, and the answer does not say what became of it. */
export async function createComment(
  postId: string,
  body: CommentDraft,
  key: string,
): Promise<OwnComment | null> {
  const params = { path: { post_id: postId }, header: { "Idempotency-Key": key } };
  const answer = await commentsService.POST("/posts/{post_id}/comments", { params, body, parseAs: "text" });
  const written = writtenIn(anyBodyOf(answer), ({ content }) => content === body.content);
  return written && { ...body, ...written, postId };
}
