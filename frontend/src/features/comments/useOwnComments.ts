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
  const edit = useCallback(
    (id: string, content: string) =>
      update((old) => old.map((one) => (one.id === id ? { ...one, content, edited: true as const } : one))),
    [update],
  );
  return { edit, comments: all.filter((comment) => comment.postId === postId), add };
}

function decode(stored: unknown): OwnComment[] {
  return thingsIn(stored).flatMap(([, { edited, ...stored }]) => {
    const { id, postId, content, author, createdAt } = stored;
    const comment = { id, postId, content, author, createdAt };
    const isWhole = Object.values(comment).every((value) => typeof value === "string");
    return isWhole && momentOf(createdAt)
      ? [{ ...(comment as OwnComment), ...(edited === true && { edited }) }]
      : [];
  });
}
