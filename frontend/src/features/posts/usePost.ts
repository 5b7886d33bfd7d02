import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useLive } from "../../lib/live/useLive.ts";
import { isRecent } from "../../lib/moments.ts";
import { useRemoved } from "../../lib/own/removed.ts";
import { useStanding } from "../../lib/useStanding.ts";
import type { ThreadRead } from "../comments/api/readBack.ts";
import { thread } from "../comments/thread.ts";
import { useOlder } from "../comments/useOlder.ts";
import { useOwnComments } from "../comments/useOwnComments.ts";
import { usePermalink } from "../comments/usePermalink.ts";
import { readPost } from "./api/readPost.ts";
import type { Post } from "./types.ts";
import { useOwnPosts } from "./useOwnPosts.ts";
import { type LoadedPosts, POSTS_KEY, shownIn } from "./usePosts.ts";

type ReadPost = Post & ThreadRead;

/** One post from the read model, or this reader's own copy while the read model does not know it yet. */
export function usePost(id: string) {
  const client = useQueryClient();
  const own = useOwnPosts().posts.find((post) => post.id === id && isRecent(post.createdAt));
  const removed = useRemoved();
  const { comments: ownComments, noteShown } = useOwnComments(id);
  const queryKey = useMemo(() => ["post", id], [id]);
  const target = usePermalink();
  const older = useOlder(id);
  const query = useQuery<ReadPost>({
    queryKey,
    queryFn: ({ signal }) => {
      const oldest = client.getQueryData<ReadPost>(queryKey)?.comments[0];
      return readPost(id, signal, { oldest, count: older.count(), target });
    },
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
  const { refetch, isPlaceholderData } = query;
  const read = isPlaceholderData ? undefined : query.data;
  useEffect(() => {
    if (read) noteShown(read.comments.map(({ id }) => id));
  }, [read, noteShown]);
  // The address may come to name another comment while the page is open, also while one is being fetched.
  const isAnswered = !read || read.missing === target || read.comments.some(({ id }) => id === target);
  const unasked = isAnswered ? undefined : target;
  useEffect(() => {
    if (unasked) refetch();
  }, [unasked, refetch]);
  const post = query.data ?? own;
  return {
    error: useStanding(queryKey, query),
    refetch,
    post,
    isWaiting: post !== undefined && query.data === undefined,
    comments: post && thread(post, ownComments).filter(({ id }) => !removed.has(id)),
    older: { ...older, show: () => older.show(query.data?.comments.length ?? 0, refetch) },
    permalink: { target, isMissing: target !== undefined && read?.missing === target },
  };
}
