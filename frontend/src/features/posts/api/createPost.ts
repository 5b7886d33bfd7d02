import { bodyOf, postsService } from "../../../lib/api/client.ts";
import type { Post } from "../types.ts";

export type PostDraft = { title: string; body: string; author: string };

export async function createPost(body: PostDraft, key: string): Promise<Post> {
  const {
    id,
    title,
    body: text,
    author,
    createdAt,
  } = bodyOf(
    await postsService.POST("/posts/create", { params: { header: { "Idempotency-Key": key } }, body }),
  );
  return { id, title, body: text, author, createdAt, commentCount: 0, comments: [] };
}
