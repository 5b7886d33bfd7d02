import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useStanding } from "../../lib/useStanding.ts";
import { listComments, type QueuePage } from "./api/listComments.ts";
import type { Asked } from "./asked.ts";
import { countNews, gone, steady } from "./steady.ts";
import type { Judged } from "./types.ts";
import { EVERY_MS } from "./useCounts.ts";

type Loaded = InfiniteData<QueuePage>;
type Desk = { read: Loaded | undefined; rows: Judged[] };

/** The comments that are asked for, as they lie on the desk. Moderation has no stream, so it is asked. */
export function useQueue(asked: Asked) {
  const queryKey = ["moderation", "comments", asked];
  const { data, ...query } = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => listComments(asked, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.before,
    refetchInterval: EVERY_MS,
  });
  const [desk, setDesk] = useState<Desk>({ read: undefined, rows: [] });
  const [dropped, setDropped] = useState<ReadonlySet<string>>(new Set());
  const fresh = data ? commentsOf(data).filter(({ id }) => !dropped.has(id)) : [];
  // An empty desk has nothing to keep in place.
  if (data !== desk.read)
    setDesk({ read: data, rows: desk.rows.length ? steady(desk.rows, fresh, asked.order) : fresh });

  const left = gone(desk.rows, fresh, query.hasNextPage);
  return {
    ...query,
    error: useStanding(queryKey, { ...query, data }),
    rows: data && desk.rows,
    news: countNews(desk.rows, fresh),
    hasLeft: ({ id }: Judged) => left.has(id),
    showNews: () => setDesk({ read: data, rows: fresh }),
    drop: ({ id }: Judged) => {
      setDropped((before) => new Set([...before, id]));
      setDesk(({ read, rows }) => ({ read, rows: rows.filter((row) => row.id !== id) }));
    },
    replace: (decided: Judged) =>
      setDesk(({ read, rows }) => ({
        read,
        rows: rows.map((row) => (row.id === decided.id ? decided : row)),
      })),
  };
}

function commentsOf({ pages }: Loaded): Judged[] {
  return pages.flatMap(({ comments }) => comments);
}
