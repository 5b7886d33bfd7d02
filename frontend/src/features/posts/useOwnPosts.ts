import { useCallback } from "react";
import { postsIn } from "../../lib/api/blog.ts";
import { useStored } from "../../lib/stored.ts";
import type { Post } from "./types.ts";

const NONE: Post[] = [];

/** Posts written here that the read model has not shown yet, newest first. */
export function useOwnPosts() {
  const [posts, update] = useStored("blogbus:own-posts", NONE, postsIn);
  const add = useCallback((post: Post) => update((old) => [post, ...old]), [update]);
  const keep = useCallback(
    (isWaiting: (post: Post) => boolean) =>
      update((old) => (old.every(isWaiting) ? old : old.filter(isWaiting))),
    [update],
  );
  return { posts, add, keep };
}
