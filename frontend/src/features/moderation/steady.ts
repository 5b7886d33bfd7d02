import type { Asked } from "./asked.ts";
import type { Judged } from "./types.ts";

type Order = Asked["order"];

/**
 * What lies on the desk keeps its place, however the queue changes: a comment that left it stays as it was last seen,
 * those that come after the last one follow at the end, and others wait until they are asked for.
 */
export function steady(shown: Judged[], fresh: Judged[], order: Order = "newest"): Judged[] {
  const arrived = new Map(fresh.map((comment) => [comment.id, comment]));
  const known = new Set(shown.map(({ id }) => id));
  const sign = order === "oldest" ? 1 : -1;
  const last = Math.max(...shown.map((comment) => sign * writtenAt(comment)));
  const kept = shown.map((comment) => later(comment, arrived.get(comment.id)));
  return [...kept, ...fresh.filter((each) => !known.has(each.id) && sign * writtenAt(each) >= last)];
}

/** How many there are in `fresh` that `shown` lacks. */
export function countNews(shown: Judged[], fresh: Judged[]): number {
  const known = new Set(shown.map(({ id }) => id));
  return fresh.filter(({ id }) => !known.has(id)).length;
}

/**
 * The ids of those that are on the desk but no longer in the queue. Where the queue goes on beyond what was read, newer
 * ones push the last of the desk off its end: those are only out of sight.
 */
export function gone(shown: Judged[], fresh: Judged[], goesOn: boolean): Set<string> {
  const listed = new Set(fresh.map(({ id }) => id));
  const end = goesOn ? shown.findLastIndex(({ id }) => listed.has(id)) : shown.length;
  return new Set(shown.flatMap(({ id }, at) => (at < end && !listed.has(id) ? id : [])));
}

/**
 * An answer that was on its way while a decision was taken is older than the decision. A text that its author edits does
 * not change under the moderator's eyes: a decision on the former one is refused, and brings the new one.
 */
function later(comment: Judged, other: Judged | undefined): Judged {
  return other && other.version >= comment.version && other.content === comment.content ? other : comment;
}

function writtenAt({ createdAt }: Judged): number {
  return Date.parse(createdAt);
}
