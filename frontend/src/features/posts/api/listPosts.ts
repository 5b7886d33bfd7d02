import { bodyOf, queryService } from "../../../lib/api/client.ts";
import { nextBefore } from "../../../lib/api/paging.ts";
import type { Post } from "../types.ts";

export type PostsPage = { posts: Post[]; before: string | undefined };

export async function listPosts(before: string | undefined, signal: AbortSignal): Promise<PostsPage> {
  const query = before ? { before } : {};
  const answer = await queryService.GET("/posts", { params: { query }, signal });
  return { posts: bodyOf(answer), before: nextBefore(answer.response) };
}
