import { bodyOf, queryService } from "../../../lib/api/client.ts";
import type { Post } from "../types.ts";

export type PostsPage = { posts: Post[]; before: string | undefined };

const NEXT = /<([^>]+)>\s*;\s*rel="?next"?/;

export async function listPosts(before: string | undefined, signal: AbortSignal): Promise<PostsPage> {
  const query = before ? { before } : {};
  const answer = await queryService.GET("/posts", { params: { query }, signal });
  return { posts: bodyOf(answer), before: cursor(answer.response.headers.get("link")) };
}

function cursor(link: string | null): string | undefined {
  const next = link?.match(NEXT)?.[1];
  return next && (new URL(next, window.location.origin).searchParams.get("before") ?? undefined);
}
