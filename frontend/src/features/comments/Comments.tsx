import { useRef } from "react";
import { CommentForm } from "./CommentForm.tsx";
import { CommentItem } from "./CommentItem.tsx";
import styles from "./Comments.module.css";
import type { SeenComment } from "./types.ts";
import { useHeldBack } from "./useHeldBack.ts";
import { useTurned } from "./useTurned.ts";

type Props = { postId: string; comments: SeenComment[]; count: number };

export function Comments({ postId, comments, count }: Props) {
  const turned = useTurned(comments);
  const { shown, waiting, hold, release } = useHeldBack(comments);
  const form = useRef<HTMLDivElement>(null);
  /** The button goes; who wrote is back where they wrote. */
  function show() {
    form.current?.querySelector("textarea")?.focus({ preventScroll: true });
    release();
  }
  const total = Math.max(count, comments.length);
  return (
    <section className={styles.comments} aria-labelledby="comments">
      <h2 id="comments" className={styles.title} tabIndex={-1}>
        {total === 0 ? "No comments yet" : total === 1 ? "1 comment" : `${total} comments`}
      </h2>
      {total > comments.length && <p className={styles.partial}>These are the newest {comments.length}.</p>}
      {shown.length > 0 && (
        <ol className={styles.list}>
          {shown.map((comment) => (
            <CommentItem key={comment.id} postId={postId} comment={comment} />
          ))}
        </ol>
      )}
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
