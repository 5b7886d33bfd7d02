import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Trail } from "../../lib/audit/Trail.tsx";
import { isolated } from "../../lib/text.ts";
import { Failure, Stale } from "../../lib/ui/Failure.tsx";
import { More } from "../../lib/ui/More.tsx";
import { listAudit } from "./api/listAudit.ts";
import { KeySheet } from "./KeySheet.tsx";
import styles from "./Queue.module.css";
import { QueueSkeleton } from "./QueueSkeleton.tsx";
import { Row } from "./Row.tsx";
import type { Judged, Status } from "./types.ts";
import { useKeys } from "./useKeys.ts";
import { useQueue } from "./useQueue.ts";
import { useRows } from "./useRows.ts";
import { EMPTY, says, saysDone } from "./words.ts";

const TRAIL = ["moderation"];

export function Queue({ status }: { status: Status }) {
  const { rows, news, hasLeft, showNews, replace, drop, error, refetch, ...older } = useQueue(status);
  const client = useQueryClient();
  const [sentence, setSentence] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const { focusRow, focusRowAt, focusFirst, remember } = useRows(list);
  useKeys({ j: () => focusRow(1), k: () => focusRow(-1) });

  function onDecided(decided: Judged) {
    replace(decided);
    setSentence(`${isolated(decided.author || "Anonymous")}’s comment: ${says(decided)}.`);
  }

  /** The row goes, and the keyboard with it, to the row that takes its place. */
  function onRemoved(comment: Judged) {
    const place = rows?.indexOf(comment) ?? 0;
    flushSync(() => drop(comment));
    focusRowAt(place);
    setSentence(`${isolated(comment.author || "Anonymous")}’s comment was removed.`);
    client.invalidateQueries({ queryKey: ["moderation"] });
  }

  /** The button goes, and the keyboard with it, to what it brought. */
  function show() {
    flushSync(showNews);
    focusFirst();
  }

  if (!rows) {
    return error ? (
      <Failure title="The comments cannot be shown" error={error} onRetry={refetch} />
    ) : (
      <QueueSkeleton />
    );
  }
  return (
    <>
      <Stale error={error} />
      <p role="status" className="unseen">
        {sentence}
      </p>
      <div className={styles.bar}>
        <div role="status">
          {news > 0 && (
            <button type="button" className={styles.news} onClick={show}>
              Show {news === 1 ? "1 new comment" : `${news} new comments`}
            </button>
          )}
        </div>
        <KeySheet />
      </div>
      {rows.length === 0 && <Empty status={status} />}
      <ol ref={list} className={styles.list} tabIndex={-1} onFocus={remember}>
        {rows.map((comment) => (
          <Row
            key={comment.id}
            comment={comment}
            hasLeft={comment.status === status && hasLeft(comment)}
            onDecided={onDecided}
            onMeanwhile={replace}
            onRemoved={onRemoved}
          />
        ))}
      </ol>
      {older.hasNextPage && (
        <More
          label="Older comments"
          busy="Loading older comments…"
          isLoading={older.isFetchingNextPage}
          onMore={older.fetchNextPage}
        />
      )}
      <Trail queryKey={TRAIL} list={listAudit} says={saysDone} />
    </>
  );
}

function Empty({ status }: { status: Status }) {
  const { title, text } = EMPTY[status];
  return (
    <div className={styles.empty}>
      <h2>{title}</h2>
      <p>{text}</p>
    </div>
  );
}
