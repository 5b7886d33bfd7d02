import { useCallback } from "react";
import { momentOf, thingsIn } from "../../lib/api/shapes.ts";
import { useStored } from "../../lib/stored.ts";
import type { OwnComment } from "./types.ts";

const KEPT = 200;
const NONE: OwnComment[] = [];

/** Comments written here: nobody else is shown the text of one that waits or was rejected. */
export function useOwnComments(postId: string) {
  const [all, update] = useStored("blogbus:own-comments", NONE, decode);
  const add = useCallback(
    (comment: OwnComment) => update((old) => [comment, ...old].slice(0, KEPT)),
    [update],
  );
  const change = useCallback(
    (isIt: (comment: OwnComment) => boolean, changes: Partial<OwnComment>) =>
      update((old) => (old.some(isIt) ? old.map((one) => (isIt(one) ? { ...one, ...changes } : one)) : old)),
    [update],
  );
  const edit = (id: string, content: string) =>
    change((one) => one.id === id, { content, edited: Date.now() });
  const drop = (id: string) => update((old) => old.filter((one) => one.id !== id));
  const noteShown = useCallback(
    (ids: string[]) => change(({ id, shown }) => !shown && ids.includes(id), { shown: true }),
    [change],
  );
  return { comments: all.filter((comment) => comment.postId === postId), add, edit, drop, noteShown };
}

function decode(stored: unknown): OwnComment[] {
  return thingsIn(stored).flatMap(([, { id, postId, content, author, createdAt, ...marks }]) => {
    const comment = { id, postId, content, author, createdAt };
    const isWhole = Object.values(comment).every((value) => typeof value === "string");
    if (!isWhole || !momentOf(createdAt)) return [];
    const edited = typeof marks.edited === "number" && { edited: marks.edited };
    const shown = marks.shown === true && { shown: true };
    return [{ ...comment, ...edited, ...shown } as OwnComment];
  });
}
