import { type Comment, commentsIn } from "../../../lib/api/blog.ts";
import { anyBodyOf, queryService } from "../../../lib/api/client.ts";
import { isNotFound } from "../../../lib/problem.ts";

const AT_ONCE = 100;

/** The comments before the one with this id, oldest first, and whether there are older ones still. */
export async function readOlder(postId: string, before: string, signal: AbortSignal) {
  const params = { path: { post_id: postId }, query: { before, limit: AT_ONCE } };
  const answer = await queryService.GET("/posts/{post_id}/thread", { params, signal, parseAs: "text" });
  const comments = commentsIn(anyBodyOf(answer)).reverse();
  return { comments, hasOlder: answer.response.headers.has("link") };
}

/** Null: the read model has no such comment on this post. */
export async function readOne(postId: string, id: string, signal: AbortSignal): Promise<Comment | null> {
  const params = { path: { post_id: postId, comment_id: id } };
  try {
    const answer = await queryService.GET("/posts/{post_id}/thread/{comment_id}", {
      params,
      signal,
      parseAs: "text",
    });
    return commentsIn([anyBodyOf(answer)])[0] ?? null;
  } catch (error) {
    if (isNotFound(error as Error)) return null;
    throw error;
  }
}
