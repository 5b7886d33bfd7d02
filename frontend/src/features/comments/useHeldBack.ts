import { useState } from "react";
import { useRemoved } from "../../lib/own/removed.ts";
import { withoutOlder } from "./thread.ts";
import type { SeenComment } from "./types.ts";

/** From the first letter that somebody writes, others' new comments wait until asked for: nothing moves under the hands. */
export function useHeldBack(comments: SeenComment[]) {
  const [held, setHeld] = useState<SeenComment[]>();
  const removed = useRemoved();
  const shown = held ? still(held, comments).filter(({ id }) => !removed.has(id)) : comments;
  const known = new Set(shown.map(({ id }) => id));
  return {
    shown,
    waiting: comments.filter(({ id }) => !known.has(id)).length,
    hold: () => setHeld((before) => before ?? comments),
    release: () => setHeld(undefined),
  };
}

/** Those that were there, as they are now, older ones, and the reader's own. */
function still(held: SeenComment[], comments: SeenComment[]): SeenComment[] {
  const now = new Map(comments.map((comment) => [comment.id, comment]));
  const known = new Set(held.map(({ id }) => id));
  const later = withoutOlder(comments, (id) => known.has(id));
  return [
    ...comments.slice(0, comments.length - later.length),
    ...held.map((comment) => now.get(comment.id) ?? comment),
    ...later.filter(({ id, own }) => own && !known.has(id)),
  ];
}
