import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useNavigate } from "react-router";
import { Trail } from "../../lib/audit/Trail.tsx";
import { isFree } from "../../lib/keyboard.ts";
import { refresh } from "../../lib/live/refresh.ts";
import { isolated, plural } from "../../lib/text.ts";
import { Failure, Stale } from "../../lib/ui/Failure.tsx";
import { More } from "../../lib/ui/More.tsx";
import { listAudit } from "./api/listAudit.ts";
import type { Asked } from "./asked.ts";
import { KeySheet } from "./KeySheet.tsx";
import styles from "./Queue.module.css";
import { QueueSkeleton } from "./QueueSkeleton.tsx";
import { Row } from "./Row.tsx";
import { ENTERED, historyOf, useWayBack } from "./RowHead.tsx";
import { SelectionBar } from "./SelectionBar.tsx";
import type { Judged } from "./types.ts";
import { useDecisions } from "./useDecisions.ts";
import { useEntry } from "./useEntry.ts";
import { useKeys } from "./useKeys.ts";
import { useQueue } from "./useQueue.ts";
import { useRows } from "./useRows.ts";
import { emptyWords, saysDone, saysOf } from "./words.ts";

const TRAIL = ["moderation"];

export function Queue({ asked }: { asked: Asked }) {
  const { rows, news, hasLeft, showNews, replace, drop, error, refetch, ...older } = useQueue(asked);
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = useWayBack();
  const [sentence, setSentence] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const bar = useRef<HTMLElement>(null);
  const { focusRow, focusRowAt, focusRowOf, focusFirst, focusAfter, ...rowsNow } = useRows(list);
  const several = useDecisions(rows ?? [], {
    replace,
    say: setSentence,
    goOn: (ids) => {
      const last = ids.at(-1);
      if (last && (isFree(bar.current) || rowsNow.isAt(ids))) focusAfter(last);
    },
    goBack: focusRowOf,
  });
  useKeys({ j: () => focusRow(1), k: () => focusRow(-1), ...several.keys });
  useEntry(rows !== undefined, { focusFirst, focusRowOf });

  function onDecided(decided: Judged, isHere: boolean) {
    replace(decided);
    several.forgetNote(decided);
    if (isHere) focusAfter(decided.id);
    setSentence(saysOf(decided));
  }

  /** The row goes, and the keyboard, if it is there, to the row that takes its place. */
  function onRemoved(comment: Judged) {
    const place = rows?.indexOf(comment) ?? 0;
    const isHere = isFree(rowsNow.rowOf(comment.id));
    flushSync(() => drop(comment));
    if (isHere) focusRowAt(place);
    setSentence(`${isolated(comment.author || "Anonymous")}’s comment was removed.`);
    refresh(client, ["moderation"]);
  }

  /** The button goes, and the keyboard with it, to what it brought. */
  function show() {
    flushSync(showNews);
    focusFirst();
  }

  function onAuthor(comment: Judged) {
    const to = historyOf(comment);
    if (to === null) return setSentence("Nobody signed this comment.");
    leave(comment);
    navigate(to, { state: ENTERED });
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
              Show {plural(news, "new comment")}
            </button>
          )}
        </div>
        <div className={styles.tools}>
          {rows.length > 0 && (
            <button type="button" className={`quiet ${styles.tool}`} onClick={several.selectAll}>
              Select all
            </button>
          )}
          <KeySheet />
        </div>
      </div>
      {rows.length === 0 && <Empty asked={asked} />}
      <ol ref={list} className={styles.list} tabIndex={-1} onFocus={rowsNow.remember}>
        {rows.map((comment) => (
          <Row
            key={comment.id}
            comment={comment}
            hasLeft={(asked.status === "all" || comment.status === asked.status) && hasLeft(comment)}
            isSelected={several.isSelected(comment)}
            isSelecting={several.selected.length > 0}
            note={several.notes[comment.id]}
            onDecided={onDecided}
            onMeanwhile={replace}
            onRemoved={onRemoved}
            onSelect={several.select}
            onAuthor={onAuthor}
          />
        ))}
      </ol>
      {several.selected.length > 0 && <SelectionBar ref={bar} {...several.bar} />}
      {older.hasNextPage && (
        <More
          label={asked.order === "oldest" ? "Newer comments" : "Older comments"}
          busy="Loading more comments…"
          isLoading={older.isFetchingNextPage}
          onMore={older.fetchNextPage}
        />
      )}
      <Trail queryKey={TRAIL} list={listAudit} says={saysDone} />
    </>
  );
}

function Empty({ asked }: { asked: Asked }) {
  const { title, text } = emptyWords(asked);
  return (
    <div className={styles.empty}>
      <h2>{title}</h2>
      <p>{text}</p>
    </div>
  );
}
