import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { gathered } from "./gathered.ts";
import { refresh } from "./refresh.ts";
import { isOpen, listen, watch } from "./stream.ts";

const GATHER_MS = 250;
const FAST_MS = 1_000;
const SLOW_MS = 5_000;
const NET_MS = 20_000;
const PATIENCE_MS = 5 * 60_000;

type Options<T> = {
  queryKey: QueryKey;
  /** The one post whose changes matter; without it all do. */
  postId?: string;
  /** Since when something of the reader's own is on its way. */
  waitingSince: (data: T | undefined) => string | null | undefined;
};

/**
 * How a page stays live: it refetches when the stream names its post, and when the stream (re)opens, for what was
 * missed until then. Returns the query's refetch interval. While the stream is open that is a slow one, a net: a
 * connection can die without a word, and a page can't see the stream's heartbeats. Without a stream it is the only
 * way, so it is fast while something of the reader's own is on its way; a held comment may wait for days, so the
 * haste ends after a while. Hidden tabs neither listen nor ask.
 */
export function useLive<T>({ queryKey, postId, waitingSince }: Options<T>) {
  const client = useQueryClient();
  const isStreaming = useSyncExternalStore(watch, isOpen);
  useEffect(() => {
    const refetch = gathered(() => refresh(client, queryKey), GATHER_MS);
    return listen((id) => {
      if (!id || !postId || id === postId) refetch();
    });
  }, [client, queryKey, postId]);

  return ({ state }: { state: { data: T | undefined } }) => {
    if (isStreaming) return NET_MS;
    const since = waitingSince(state.data);
    return since && Date.now() - Date.parse(since) < PATIENCE_MS ? FAST_MS : SLOW_MS;
  };
}
