import { type KeyboardEvent, useId, useRef, useState } from "react";
import { RemoveForm } from "../../lib/own/RemoveForm.tsx";
import { Prose } from "../../lib/ui/Prose.tsx";
import { removeComment } from "./api/remove.ts";
import { ReasonForm } from "./ReasonForm.tsx";
import styles from "./Row.module.css";
import { RowActions } from "./RowActions.tsx";
import { RowHead } from "./RowHead.tsx";
import { Thread } from "./Thread.tsx";
import type { Judged } from "./types.ts";
import { useDecision } from "./useDecision.ts";
import { isCommand } from "./useKeys.ts";
import { useMeanwhile } from "./useMeanwhile.ts";
import { Verdict } from "./Verdict.tsx";
import { explains } from "./words.ts";

export type RowEvents = {
  /** `isHere`: the keyboard is still in the row. */
  onDecided: (decided: Judged, isHere: boolean) => void;
  onMeanwhile: (verdict: Judged) => void;
  onRemoved: (comment: Judged) => void;
  onSelect: (comment: Judged, isRange: boolean) => void;
  onAuthor: (comment: Judged) => void;
};

type Props = RowEvents & {
  comment: Judged;
  /** It is no longer in the queue it was shown in, and not by this person's doing. */
  hasLeft: boolean;
  isSelected: boolean;
  /** Keys that decide are meant for what is selected. */
  isSelecting: boolean;
  /** Why a decision on several left this one as it was. */
  note: string | undefined;
};

export function Row({ comment, hasLeft, isSelected, isSelecting, note, ...on }: Props) {
  const { content, status } = comment;
  const id = useId();
  const row = useRef<HTMLElement>(null);
  const [opened, setOpened] = useState<"reason" | "remove">();
  const [showsThread, setShowsThread] = useState(false);
  const left = useMeanwhile(comment, hasLeft, row, on.onMeanwhile);
  const { decide, isSaving, failure, intended } = useDecision(comment, {
    onDecided: (decided) => {
      const isHere = row.current?.contains(document.activeElement) ?? false;
      setOpened(undefined);
      on.onDecided(decided, isHere);
    },
    onMeanwhile: on.onMeanwhile,
  });

  /** What was used goes away; the keyboard stays in the row, unless it has left already. */
  function finish() {
    if (row.current?.contains(document.activeElement)) row.current.focus();
    setOpened(undefined);
  }
  const approve = () => status !== "approved" && decide({ status: "approved", reason: null });
  const toggleThread = () => setShowsThread((shown) => !shown);
  const commands: Record<string, () => unknown> = {
    ...(!isSelecting && { a: approve, r: () => setOpened("reason") }),
    x: () => on.onSelect(comment, false),
    X: () => on.onSelect(comment, true),
    h: () => on.onAuthor(comment),
    t: toggleThread,
  };
  function press(event: KeyboardEvent) {
    const command = commands[event.key];
    if (!command || isSaving || event.repeat || !isCommand(event.nativeEvent)) return;
    event.preventDefault();
    command();
  }

  return (
    <li>
      <article
        ref={row}
        className={styles.row}
        data-comment={comment.id}
        data-selected={isSelected}
        tabIndex={-1}
        aria-labelledby={`${id}-by ${id}-text`}
        onKeyDown={press}
      >
        <RowHead
          id={`${id}-by`}
          comment={comment}
          isSelected={isSelected}
          showsThread={showsThread}
          onSelect={(isRange) => on.onSelect(comment, isRange)}
          onThread={toggleThread}
        />
        <div id={`${id}-text`} className={styles.text}>
          <Prose text={content} />
        </div>
        <div className={styles.foot}>
          <Verdict comment={comment} intended={intended} left={left} />
          {!opened && (
            <RowActions
              status={status}
              isSaving={isSaving}
              onApprove={approve}
              onReject={() => setOpened("reason")}
              onRemove={() => setOpened("remove")}
            />
          )}
        </div>
        {opened === "remove" && (
          <RemoveForm
            of="comment"
            asksReason
            remove={(reason) => removeComment(comment.id, reason)}
            onRemoved={() => on.onRemoved(comment)}
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
        {showsThread && <Thread comment={comment} />}
        <p role="alert" className={styles.failure}>
          {failure ? explains(failure) : note}
        </p>
      </article>
    </li>
  );
}
