import { type Post, postsIn } from "../../../lib/api/blog.ts";
import { anyBodyOf, queryService } from "../../../lib/api/client.ts";
import { nextBefore } from "../../../lib/api/paging.ts";
import { Problem } from "../../../lib/problem.ts";

export type PostsPage = { posts: Post[]; before: string | undefined };

export async function listPosts(before: string | undefined, signal: AbortSignal): Promise<PostsPage> {
  const query = before ? { before } : {};
  const answer = await queryService.GET("/posts", { params: { query }, signal, parseAs: "text" });
  const posts = postsIn(anyBodyOf(answer));
  if (!posts)
    throw new Problem("What the query service answers is no list of posts.", answer.response.status);
  return { posts, before: nextBefore(answer.response) };
}
