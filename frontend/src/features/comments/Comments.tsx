import { useRef } from "react";
import { plural } from "../../lib/text.ts";
import { More } from "../../lib/ui/More.tsx";
import { CommentForm } from "./CommentForm.tsx";
import styles from "./Comments.module.css";
import { Thread } from "./Thread.tsx";
import type { SeenComment } from "./types.ts";
import { useArrival } from "./useArrival.ts";
import { useHeldBack } from "./useHeldBack.ts";
import { useSteadyList } from "./useSteadyList.ts";
import { useTurned } from "./useTurned.ts";

const GONE = "The comment that this address names is not here: it was removed, or it has not arrived yet.";

type Props = {
  postId: string;
  comments: SeenComment[];
  count: number;
  older: { isLoading: boolean; show: () => unknown };
  /** The comment that the address names, and whether the read model says that it is not in the thread. */
  permalink: { target: string | undefined; isMissing: boolean };
};

export function Comments({ postId, comments, count, older, permalink: { target, isMissing } }: Props) {
  const turned = useTurned(comments);
  const { shown, waiting, hold, release } = useHeldBack(comments);
  const form = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const { sentence, ask } = useSteadyList(list, shown);
  const isFound = shown.some(({ id }) => id === target);
  const isGone = isMissing && !isFound;
  useArrival(list, target, isFound ? "found" : isGone ? "missing" : "looking");
  /** The button goes; who wrote is back where they wrote. */
  function show() {
    form.current?.querySelector("textarea")?.focus({ preventScroll: true });
    release();
  }
  function showOlder() {
    ask();
    older.show();
  }
  const total = Math.max(count, comments.length);
  const hasOlder = total > comments.length;
  const isLooking = target !== undefined && !isFound && !isGone;
  return (
    <section className={styles.comments} aria-labelledby="comments">
      <div>
        <h2 id="comments" className={styles.title} tabIndex={-1}>
          {total === 0 ? "No comments yet" : plural(total, "comment")}
        </h2>
        <div role="status">{isGone && <p className={styles.gone}>{GONE}</p>}</div>
      </div>
      {hasOlder && (
        <div className={styles.older} data-loading={older.isLoading}>
          <p className={styles.partial}>These are the newest {comments.length}.</p>
          <More
            label="Show older comments"
            busy="Loading older comments…"
            isLoading={older.isLoading || isLooking}
            onMore={showOlder}
          />
        </div>
      )}
      {shown.length > 0 && <Thread postId={postId} comments={shown} target={target} list={list} />}
      <p role="status" className="unseen">
        {sentence}
      </p>
      <p role="status" className="unseen">
        {turned}
      </p>
      <div ref={form} className={styles.form} onInput={hold}>
        <div role="status">
          {waiting > 0 && (
            <button type="button" className={`${styles.news} quiet small`} onClick={show}>
              Show {waiting === 1 ? "1 new comment" : `${waiting} new comments`}
            </button>
          )}
        </div>
        <CommentForm postId={postId} onSent={release} />
      </div>
    </section>
  );
}
