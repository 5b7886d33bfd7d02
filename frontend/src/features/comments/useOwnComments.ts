import { useCallback } from "react";
import { useStored } from "../../lib/stored.ts";
import type { OwnComment } from "./types.ts";

const KEPT = 200;
const NONE: OwnComment[] = [];

/** Comments written here: nobody else is shown the text of one that waits or was rejected. */
export function useOwnComments(postId: string) {
  const [all, update] = useStored("blogbus:own-comments", NONE);
  const add = useCallback(
    (comment: OwnComment) => update((old) => [comment, ...old].slice(0, KEPT)),
    [update],
  );
  return { comments: all.filter((comment) => comment.postId === postId), add };
}
