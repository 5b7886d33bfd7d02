import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useLive } from "../../lib/live/useLive.ts";
import { isRecent } from "../../lib/moments.ts";
import { useRemoved } from "../../lib/own/removed.ts";
import { useStanding } from "../../lib/useStanding.ts";
import { thread } from "../comments/thread.ts";
import { useOwnComments } from "../comments/useOwnComments.ts";
import { readPost } from "./api/readPost.ts";
import type { Post } from "./types.ts";
import { useOwnPosts } from "./useOwnPosts.ts";
import { type LoadedPosts, POSTS_KEY, shownIn } from "./usePosts.ts";

/** One post from the read model, or this reader's own copy while the read model does not know it yet. */
export function usePost(id: string) {
  const client = useQueryClient();
  const own = useOwnPosts().posts.find((post) => post.id === id && isRecent(post.createdAt));
  const removed = useRemoved();
  const { comments: ownComments, noteShown } = useOwnComments(id);
  const queryKey = useMemo(() => ["post", id], [id]);
  const query = useQuery<Post>({
    queryKey,
    queryFn: ({ signal }) => readPost(id, signal),
    placeholderData: () => {
      const listed = client.getQueryData<LoadedPosts>(POSTS_KEY);
      return listed && shownIn(listed).find((post) => post.id === id);
    },
    refetchInterval: useLive<Post>({
      queryKey,
      postId: id,
      waitingSince: (read) => {
        if (!read) return own?.createdAt;
        const waiting = thread(read, ownComments).findLast(
          (comment) => comment.own && comment.status === "pending",
        );
        return ownComments.find(({ id }) => id === waiting?.id)?.createdAt;
      },
    }),
  });
  useEffect(() => {
    if (query.data && !query.isPlaceholderData) noteShown(query.data.comments.map(({ id }) => id));
  }, [query.data, query.isPlaceholderData, noteShown]);
  const post = query.data ?? own;
  return {
    error: useStanding(queryKey, query),
    refetch: query.refetch,
    post,
    isWaiting: post !== undefined && query.data === undefined,
    comments: post && thread(post, ownComments).filter(({ id }) => !removed.has(id)),
  };
}
