import styles from "./Row.module.css";
import type { Status } from "./types.ts";

type Props = {
  status: Status;
  isSaving: boolean;
  onApprove: () => void;
  onReject: () => void;
  onRemove: () => void;
};

export function RowActions({ status, isSaving, onApprove, onReject, onRemove }: Props) {
  return (
    <div className={styles.actions}>
      {status !== "approved" && (
        <button type="button" aria-disabled={isSaving} onClick={onApprove}>
          Approve
        </button>
      )}
      <button type="button" className="quiet" aria-disabled={isSaving} onClick={onReject}>
        {status === "rejected" ? "Change the reason…" : "Reject…"}
      </button>
      <button type="button" className="quiet" aria-disabled={isSaving} onClick={onRemove}>
        Remove…
      </button>
    </div>
  );
}
