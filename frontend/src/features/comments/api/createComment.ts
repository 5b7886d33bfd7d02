import { bodyOf, commentsService } from "../../../lib/api/client.ts";
import type { OwnComment } from "../types.ts";

export type CommentDraft = { content: string; author: string };

export async function createComment(postId: string, body: CommentDraft, key: string): Promise<OwnComment> {
  const { id, content, author, createdAt } = bodyOf(
    await commentsService.POST("/posts/{post_id}/comments", {
      params: { path: { post_id: postId }, header: { "Idempotency-Key": key } },
      body,
    }),
  );
  return { id, postId, content, author, createdAt };
}
