import type { Comment } from "../../lib/api/blog.ts";
import type { components } from "../../lib/api/comments.d.ts";

export type { Comment };
export type OwnComment = Pick<
  components["schemas"]["CommentOut"],
  "id" | "postId" | "content" | "author" | "createdAt"
> & {
  /** Its author has edited it: the read model may show the former text for a moment. */
  edited?: true;
  /** The read model has shown it: if it no longer does, the comment was removed. */
  shown?: true;
};
/** A comment as this reader sees it. */
export type SeenComment = Comment & { own: boolean };
