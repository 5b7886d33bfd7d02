import { shows } from "../text.ts";
import type { components } from "./query.d.ts";
import { countOf, fieldsOf, momentOf, textOf, thingsIn } from "./shapes.ts";

type Sent = components["schemas"];
export type Status = Sent["CommentOut"]["status"];
/** As a page shows it, whichever service it came from: one written elsewhere may leave out all but the id. */
export type Comment = Omit<Sent["CommentOut"], "createdAt"> & {
  createdAt: string | null;
};
export type Post = Omit<Sent["PostOut"], "createdAt" | "comments"> & {
  createdAt: string | null;
  comments: Comment[];
};

const STATUSES: readonly unknown[] = ["pending", "approved", "rejected"] satisfies Status[];

/** One post; null where the answer is none. */
export function postIn(value: unknown, key: string | null = null): Post | null {
  const sent = fieldsOf(value);
  const title = textOf(sent?.title);
  const id = textOf(sent?.id) || (title && key);
  if (!sent || !id) return null;
  const comments = commentsIn(sent.comments);
  return {
    id,
    title: title !== null && shows(title) ? title : "Untitled",
    body: textOf(sent.body) ?? "",
    author: textOf(sent.author) ?? "",
    createdAt: momentOf(sent.createdAt),
    commentCount: Math.max(countOf(sent.commentCount), comments.length),
    comments,
  };
}

/** Newest first. An object keyed by id, as the course's services answer, has the newest last. Null: no posts at all. */
export function postsIn(answer: unknown): Post[] | null {
  if (!Array.isArray(answer) && !fieldsOf(answer)) return null;
  const posts = thingsIn(answer).flatMap(([key, post]) => postIn(post, key) ?? []);
  return once(Array.isArray(answer) ? posts : posts.reverse());
}

/**
 * What was just written, from the answer to it: the thing itself, or the last one that is like it in the whole list.
 * Null where the answer does not say.
 */
export function writtenIn(answer: unknown, isLikeIt: (thing: Record<string, unknown>) => boolean) {
  const sent = fieldsOf(answer);
  const things: ReturnType<typeof thingsIn> = textOf(sent?.id) && sent ? [[null, sent]] : thingsIn(answer);
  const [key, thing] = things.findLast(([, one]) => things.length === 1 || isLikeIt(one)) ?? [null, null];
  const id = thing && (textOf(thing.id) || (isLikeIt(thing) && key));
  return id ? { id, createdAt: momentOf(thing.createdAt) ?? new Date().toISOString() } : null;
}

/** In the order in which they are sent. */
export function commentsIn(answer: unknown): Comment[] {
  return once(thingsIn(answer).map(([key, comment], place) => commentIn(comment, key ?? `${place}`)));
}

/** What is not approved shows neither its text nor its author, even if the service sends both. */
function commentIn(sent: Record<string, unknown>, key: string): Comment {
  const status = STATUSES.includes(sent.status) ? (sent.status as Status) : "pending";
  const isPublic = status === "approved";
  return {
    id: textOf(sent.id) || key,
    content: isPublic ? textOf(sent.content) : null,
    author: isPublic ? (textOf(sent.author) ?? "") : null,
    status,
    reason: textOf(sent.reason),
    createdAt: momentOf(sent.createdAt),
  };
}

function once<T extends { id: string }>(things: T[]): T[] {
  return [...new Map(things.map((thing) => [thing.id, thing])).values()];
}
