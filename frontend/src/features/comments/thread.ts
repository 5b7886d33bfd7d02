import { earliest, inOrder } from "../../lib/moments.ts";
import type { Comment, OwnComment, SeenComment } from "./types.ts";

type Read = { comments: Comment[]; commentCount: number };

/** The public comments and this reader's own, oldest first; own ones keep the text that others are not shown. */
export function thread({ comments, commentCount }: Read, own: OwnComment[]): SeenComment[] {
  const written = new Map(own.map((comment) => [comment.id, comment]));
  const known = new Set(comments.map(({ id }) => id));
  const seen = comments.map((comment) => ({
    ...comment,
    content: comment.content ?? written.get(comment.id)?.content ?? null,
    author: comment.author ?? written.get(comment.id)?.author ?? null,
    own: written.has(comment.id),
  }));
  // Only the newest are embedded: an own comment from before those is not underway, just not on this page.
  const oldest = commentCount > comments.length ? earliest(comments) : -Infinity;
  const underway = own.filter(({ id, createdAt }) => !known.has(id) && Date.parse(createdAt) > oldest);
  return inOrder([...seen, ...underway.map(asPending)], (one, other) => one - other);
}

function asPending({ id, content, author, createdAt }: OwnComment): SeenComment {
  return { id, content, author, createdAt, status: "pending", reason: null, own: true };
}
