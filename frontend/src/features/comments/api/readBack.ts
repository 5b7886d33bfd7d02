import type { Comment, Post } from "../../../lib/api/blog.ts";
import { readOlder, readOne } from "./readThread.ts";

/** How far back a reader has gone in a thread. */
export type Reach = {
  /** The oldest comment that is shown already. */
  oldest: Comment | undefined;
  /** How many comments are wanted at least; 0: those that the post embeds. */
  count: number;
  /** The id of a comment that is wanted. */
  target: string | undefined;
};

export const EMBEDDED: Reach = { oldest: undefined, count: 0, target: undefined };

/** Without a gap from `comments[0]` to the newest. */
export type ThreadRead = Pick<Post, "comments" | "commentCount"> & {
  /** The `target` that is not in the thread. */
  missing?: string;
};

/** The thread of `post`, from the comments that it embeds back to where `reach` says. */
export async function readBack(post: Post, reach: Reach, signal: AbortSignal): Promise<ThreadRead> {
  let { comments } = post;
  let hasOlder = post.commentCount > comments.length;
  const ends = reach.oldest ? [reach.oldest] : [];
  if (hasOlder && reach.target && !has(comments, reach.target)) {
    const target = await readOne(post.id, reach.target, signal);
    if (target) ends.push(target);
  }
  while (hasOlder && (comments.length < reach.count || ends.some((end) => !isReached(comments, end)))) {
    const page = await readOlder(post.id, comments[0]?.id ?? "", signal);
    comments = [...page.comments, ...comments];
    hasOlder = page.hasOlder;
  }
  const count = Math.max(post.comments.length, reach.count);
  const first = Math.min(comments.length - count, ...ends.map((end) => placeOf(comments, end)));
  const commentCount = hasOlder ? post.commentCount : comments.length;
  const missing = reach.target && !has(comments, reach.target) ? { missing: reach.target } : {};
  return { comments: comments.slice(Math.max(first, 0)), commentCount, ...missing };
}

const has = (comments: Comment[], wanted: string) => comments.some(({ id }) => id === wanted);
const momentOf = ({ createdAt }: Comment) => Date.parse(createdAt ?? "");

function isReached(comments: Comment[], end: Comment): boolean {
  const [oldest] = comments;
  // It may have been removed since: then what is older tells. Moments are rounded, so equal ones do not.
  return has(comments, end.id) || !oldest || momentOf(oldest) < momentOf(end);
}

/** Where it stands, or would stand if it was not removed. */
function placeOf(comments: Comment[], end: Comment): number {
  const place = comments.findIndex((each) => each.id === end.id || momentOf(each) >= momentOf(end));
  return place < 0 ? comments.length : place;
}
