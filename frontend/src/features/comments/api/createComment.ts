import { writtenIn } from "../../../lib/api/blog.ts";
import { anyBodyOf, commentsService } from "../../../lib/api/client.ts";
import { keepEditToken } from "../../../lib/own/editTokens.ts";
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
  const said = anyBodyOf(answer);
  const written = writtenIn(said, ({ content }) => content === body.content);
  if (written) keepEditToken(written.id, said);
  return written && { ...body, ...written, postId };
}
