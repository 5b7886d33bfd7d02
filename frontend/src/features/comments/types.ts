import type { Comment } from "../../lib/api/blog.ts";
import type { components } from "../../lib/api/comments.d.ts";

export type { Comment };
export type OwnComment = Pick<
  components["schemas"]["CommentOut"],
  "id" | "postId" | "content" | "author" | "createdAt"
> & {
  /** When its author edited it, in Unix milliseconds: the read model may show the former text for a moment. */
  edited?: number;
  /** The read model has shown it: if it no longer does, the comment was removed. */
  shown?: true;
};
/** A comment as this reader sees it. */
export type SeenComment = Comment & { own: boolean };
