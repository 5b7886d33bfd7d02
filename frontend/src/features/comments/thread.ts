import { earliest, inOrder, isRecent } from "../../lib/moments.ts";
import type { Comment, OwnComment, SeenComment } from "./types.ts";

const EDIT_MS = 600_000;

type Read = { comments: Comment[]; commentCount: number };

/** The public comments and this reader's own, oldest first; own ones keep the text that others are not shown. */
export function thread({ comments, commentCount }: Read, own: OwnComment[]): SeenComment[] {
  const written = new Map(own.map((comment) => [comment.id, comment]));
  const known = new Set(comments.map(({ id }) => id));
  const seen = comments.map((comment): SeenComment => {
    const mine = written.get(comment.id);
    if (!mine) return { ...comment, own: false };
    const isFormer = isUnderway(mine.edited) && comment.content !== null && comment.content !== mine.content;
    return {
      ...comment,
      status: isFormer ? "pending" : comment.status,
      content: isFormer ? mine.content : (comment.content ?? mine.content),
      author: comment.author ?? mine.author,
      own: true,
    };
  });
  // Only the newest are embedded: an own comment from before those is not underway, just not on this page.
  const oldest = commentCount > comments.length ? earliest(comments) : -Infinity;
  const underway = own.filter(
    ({ id, createdAt, shown }) =>
      !shown && !known.has(id) && isRecent(createdAt) && Date.parse(createdAt) > oldest,
  );
  return inOrder([...seen, ...underway.map(asPending)], (one, other) => one - other);
}

/** Without the older ones that a reader asked for since those that `isKnown` were shown. */
export function withoutOlder<T extends { id: string }>(comments: T[], isKnown: (id: string) => boolean): T[] {
  return comments.slice(
    Math.max(
      comments.findIndex(({ id }) => isKnown(id)),
      0,
    ),
  );
}

/** The read model hears of an edit within seconds; later, what it shows counts. */
function isUnderway(editedAt: number | undefined): boolean {
  return editedAt !== undefined && Date.now() - editedAt < EDIT_MS;
}

function asPending({ id, content, author, createdAt }: OwnComment): SeenComment {
  return { id, content, author, createdAt, status: "pending", reason: null, own: true };
}
