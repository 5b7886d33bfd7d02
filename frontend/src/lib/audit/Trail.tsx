import { useInfiniteQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { components } from "../api/moderation.d.ts";
import { nextBefore } from "../api/paging.ts";
import { Isolated } from "../ui/Isolated.tsx";
import { More } from "../ui/More.tsx";
import { Time } from "../ui/Time.tsx";
import styles from "./Trail.module.css";

const EVERY_MS = 5_000;

export type Entry = components["schemas"]["AuditEntryOut"];
export type Page = { entries: Entry[]; before: string | undefined };

type Props = {
  queryKey: string[];
  list: (before: string | undefined, signal: AbortSignal) => Promise<Page>;
  /** What was done, after the name of who did it. */
  says: (entry: Entry) => string;
};

/** What people did here, newest first. It is read once somebody looks. */
export function Trail({ queryKey, list, says }: Props) {
  const [isOpen, setOpen] = useState(false);
  const title = useId();
  const { data, error, ...older } = useInfiniteQuery({
    queryKey: [...queryKey, "audit"],
    queryFn: ({ pageParam, signal }) => list(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.before,
    enabled: isOpen,
    refetchInterval: EVERY_MS,
  });
  const entries = data?.pages.flatMap((page) => page.entries);
  return (
    <details className={styles.trail} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <h2 id={title}>Audit trail</h2>
      </summary>
      <p role="status" className={styles.note}>
        {error ? (
          <Isolated text={error.message} />
        ) : !entries ? (
          "Loading…"
        ) : (
          entries.length === 0 && "Nobody did anything yet."
        )}
      </p>
      <ol className={styles.entries} aria-labelledby={title}>
        {entries?.map((entry) => (
          <li key={entry.id}>
            <span>
              <b>
                <Isolated text={entry.actor} />
              </b>{" "}
              <Isolated text={says(entry)} /> {entry.reason && <q dir="auto">{entry.reason}</q>}
            </span>
            <Time iso={entry.time} />
          </li>
        ))}
      </ol>
      {older.hasNextPage && (
        <More
          label="Older entries"
          busy="Loading older entries…"
          isLoading={older.isFetchingNextPage}
          onMore={older.fetchNextPage}
        />
      )}
    </details>
  );
}

/** A page of the trail, from what a service answered. */
export function pageOf(answer: { data?: Entry[]; response: Response }): Page {
  return { entries: answer.data ?? [], before: nextBefore(answer.response) };
}
