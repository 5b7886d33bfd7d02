import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLive } from "../../lib/live/useLive.ts";
import { earliest, inOrder, isRecent } from "../../lib/moments.ts";
import { useRemoved } from "../../lib/own/removed.ts";
import { useStanding } from "../../lib/useStanding.ts";
import { listPosts, type PostsPage } from "./api/listPosts.ts";
import type { Post } from "./types.ts";
import { useOwnPosts } from "./useOwnPosts.ts";

export const POSTS_KEY = ["posts"] as const;
export type LoadedPosts = InfiniteData<PostsPage>;

/** Newest first, with this reader's own posts in their place before the read model has them. */
export function usePosts() {
  const own = useOwnPosts();
  const { data, ...query } = useInfiniteQuery({
    queryKey: POSTS_KEY,
    queryFn: ({ pageParam, signal }) => listPosts(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.before,
    refetchInterval: useLive({ queryKey: POSTS_KEY, waitingSince: () => own.posts[0]?.createdAt }),
  });
  const error = useStanding(POSTS_KEY, { ...query, data });
  const { keep } = own;
  useEffect(() => {
    if (data) keep(isMissingIn(data));
  }, [data, keep]);

  const waiting = data ? own.posts.filter(isMissingIn(data)) : [];
  const removed = useRemoved();
  const known = data && [...waiting, ...shownIn(data)].filter(({ id }) => !removed.has(id));
  const posts = known && inOrder(known, (one, other) => other - one);
  return { ...query, error, posts, waiting: new Set(waiting.map(({ id }) => id)) };
}

export function shownIn(data: LoadedPosts): Post[] {
  return data.pages.flatMap((page) => page.posts);
}

/** An own post that is older than all that is loaded stands on a later page: it is not missing. */
function isMissingIn(data: LoadedPosts) {
  const shown = shownIn(data);
  const ids = new Set(shown.map(({ id }) => id));
  const hasMore = data.pages.at(-1)?.before !== undefined;
  const oldest = hasMore ? earliest(shown) : -Infinity;
  return ({ id, createdAt }: Post) =>
    !ids.has(id) && isRecent(createdAt) && Date.parse(createdAt ?? "") > oldest;
}
