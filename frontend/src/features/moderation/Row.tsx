import { type KeyboardEvent, useId, useRef, useState } from "react";
import { RemoveForm } from "../../lib/own/RemoveForm.tsx";
import { Author } from "../../lib/ui/Isolated.tsx";
import { Prose } from "../../lib/ui/Prose.tsx";
import { Time } from "../../lib/ui/Time.tsx";
import { removeComment } from "./api/remove.ts";
import { PostLink } from "./PostLink.tsx";
import { ReasonForm } from "./ReasonForm.tsx";
import styles from "./Row.module.css";
import type { Judged } from "./types.ts";
import { useDecision } from "./useDecision.ts";
import { isCommand } from "./useKeys.ts";
import { Verdict } from "./Verdict.tsx";
import { explains } from "./words.ts";

type Props = {
  comment: Judged;
  /** It is no longer in the queue it was shown in, and not by this person's doing. */
  hasLeft: boolean;
  onDecided: (decided: Judged) => void;
  onMeanwhile: (verdict: Judged) => void;
  onRemoved: (comment: Judged) => void;
};

export function Row({ comment, hasLeft, onDecided, onMeanwhile, onRemoved }: Props) {
  const { author, content, createdAt, postId, status } = comment;
  const id = useId();
  const row = useRef<HTMLElement>(null);
  const [opened, setOpened] = useState<"reason" | "remove">();
  const { decide, isSaving, failure, intended } = useDecision(comment, {
    onDecided: (decided) => {
      finish();
      onDecided(decided);
    },
    onMeanwhile,
  });

  /** What was used goes away; the keyboard stays in the row, unless it has left already. */
  function finish() {
    if (row.current?.contains(document.activeElement)) row.current.focus();
    setOpened(undefined);
  }
  const approve = () => status !== "approved" && decide({ status: "approved", reason: null });
  const giveReason = () => setOpened("reason");
  const commands: Record<string, () => unknown> = { a: approve, r: giveReason };
  function press(event: KeyboardEvent) {
    if (event.key === "Escape" && opened) return finish();
    const command = commands[event.key];
    if (!command || isSaving || !isCommand(event.nativeEvent)) return;
    event.preventDefault();
    command();
  }

  return (
    <li>
      <article
        ref={row}
        className={styles.row}
        tabIndex={-1}
        aria-labelledby={`${id}-by ${id}-text`}
        onKeyDown={press}
      >
        <div className={styles.head}>
          <p className={styles.byline} id={`${id}-by`}>
            <span className={styles.author}>
              <Author name={author} />
            </span>{" "}
            <Time iso={createdAt} />
          </p>
          <PostLink id={postId} />
        </div>
        <div id={`${id}-text`}>
          <Prose text={content} />
        </div>
        <div className={styles.foot}>
          <Verdict comment={comment} intended={intended} hasLeft={hasLeft} />
          {!opened && (
            <div className={styles.actions}>
              {status !== "approved" && (
                <button type="button" className="quiet" aria-disabled={isSaving} onClick={approve}>
                  Approve
                </button>
              )}
              <button type="button" className="quiet" aria-disabled={isSaving} onClick={giveReason}>
                {status === "rejected" ? "Change the reason…" : "Reject…"}
              </button>
              <button
                type="button"
                className="quiet"
                aria-disabled={isSaving}
                onClick={() => setOpened("remove")}
              >
                Remove…
              </button>
            </div>
          )}
        </div>
        {opened === "remove" && (
          <RemoveForm
            of="comment"
            asksReason
            remove={(reason) => removeComment(comment.id, reason)}
            onRemoved={() => onRemoved(comment)}
            onCancel={finish}
          />
        )}
        {opened === "reason" && (
          <ReasonForm
            reason={status === "rejected" ? comment.reason : null}
            isSaving={isSaving}
            onReject={(reason) => decide({ status: "rejected", reason })}
            onCancel={finish}
          />
        )}
        <p role="alert" className={styles.failure}>
          {failure && explains(failure)}
        </p>
      </article>
    </li>
  );
}
