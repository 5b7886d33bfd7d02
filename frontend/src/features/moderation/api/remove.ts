import { moderationService } from "../../../lib/api/client.ts";

export async function removeComment(id: string, reason: string | null): Promise<void> {
  const query = reason ? { reason } : {};
  const params = { path: { comment_id: id }, query };
  await moderationService.DELETE("/moderation/comments/{comment_id}", { params });
}

/** The posts service does it, once it hears of it. */
export async function removePost(id: string, reason: string | null): Promise<void> {
  const query = reason ? { reason } : {};
  await moderationService.DELETE("/moderation/posts/{post_id}", { params: { path: { post_id: id }, query } });
}
