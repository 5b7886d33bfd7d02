import type { Ref } from "react";
import { ReasonForm } from "./ReasonForm.tsx";
import styles from "./SelectionBar.module.css";
import type { Decision } from "./types.ts";
import { explains } from "./words.ts";

type Props = {
  ref: Ref<HTMLElement>;
  count: number;
  isFull: boolean;
  isSaving: boolean;
  failure: Error | null;
  isRejecting: boolean;
  onDecide: (decision: Decision) => void;
  onReject: () => void;
  onCancel: () => void;
  onClear: () => void;
};

/** What can be done with the comments that are selected, at the bottom of the window. */
export function SelectionBar({
  ref,
  count,
  isFull,
  isSaving,
  failure,
  isRejecting,
  onDecide,
  ...does
}: Props) {
  return (
    <section ref={ref} className={styles.bar} aria-label="Selected comments">
      <div className={styles.line}>
        <p className={styles.count}>
          {count} selected{isFull && ", the most at once"}
        </p>
        {!isRejecting && (
          <>
            <button
              type="button"
              aria-disabled={isSaving}
              onClick={() => onDecide({ status: "approved", reason: null })}
            >
              {isSaving ? "Saving…" : "Approve"}
            </button>
            <button type="button" className="quiet" aria-disabled={isSaving} onClick={does.onReject}>
              Reject…
            </button>
            <button type="button" className="quiet" onClick={does.onClear}>
              Clear
            </button>
          </>
        )}
      </div>
      {isRejecting && (
        <ReasonForm
          of={count === 1 ? "this comment" : `these ${count} comments`}
          reason={null}
          isSaving={isSaving}
          onReject={(reason) => onDecide({ status: "rejected", reason })}
          onCancel={does.onCancel}
        />
      )}
      <p role="alert" className={styles.failure}>
        {failure && explains(failure)}
      </p>
    </section>
  );
}
