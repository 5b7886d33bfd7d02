import { type Comment, commentsIn } from "../../../lib/api/blog.ts";
import { anyBodyOf, queryService } from "../../../lib/api/client.ts";
import { unlessNotFound } from "../../../lib/problem.ts";

const AT_ONCE = 100;
// A query service that is written elsewhere may have no such doors, and a post may be removed at this moment.
const END = { comments: [], hasOlder: false };

type Older = { comments: Comment[]; hasOlder: boolean };

/** The comments before the one with this id, oldest first, and whether there are older ones still. */
export function readOlder(postId: string, before: string, signal: AbortSignal): Promise<Older> {
  const params = { path: { post_id: postId }, query: { before, limit: AT_ONCE } };
  return unlessNotFound<Older>(END, async () => {
    const answer = await queryService.GET("/posts/{post_id}/thread", { params, signal, parseAs: "text" });
    const comments = commentsIn(anyBodyOf(answer)).reverse();
    return { comments, hasOlder: comments.length > 0 && answer.response.headers.has("link") };
  });
}

/** Null: the read model has no such comment on this post. */
export function readOne(postId: string, id: string, signal: AbortSignal): Promise<Comment | null> {
  const params = { path: { post_id: postId, comment_id: id } };
  const path = "/posts/{post_id}/thread/{comment_id}";
  return unlessNotFound(null, async () => {
    const answer = await queryService.GET(path, { params, signal, parseAs: "text" });
    return commentsIn([anyBodyOf(answer)])[0] ?? null;
  });
}
