import { bodyOf, postsService } from "../../../lib/api/client.ts";
import type { Post } from "../types.ts";

export type PostDraft = { title: string; body: string; author: string };

export async function createPost(body: PostDraft): Promise<Post> {
  const {
    id,
    title,
    body: text,
    author,
    createdAt,
  } = bodyOf(await postsService.POST("/posts/create", { body }));
  return { id, title, body: text, author, createdAt, commentCount: 0, comments: [] };
}
