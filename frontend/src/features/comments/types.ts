import type { components as Written } from "../../lib/api/comments.d.ts";
import type { components as Read } from "../../lib/api/query.d.ts";

export type Comment = Read["schemas"]["CommentOut"];
export type OwnComment = Pick<
  Written["schemas"]["CommentOut"],
  "id" | "postId" | "content" | "author" | "createdAt"
>;
/** A comment as this reader sees it. */
export type SeenComment = Comment & { own: boolean };
