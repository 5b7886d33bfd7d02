import styles from "./Status.module.css";
import type { SeenComment } from "./types.ts";

const SAY = { pending: "Waiting for moderation.", approved: "Approved.", rejected: "Rejected." };

/** What became of a comment, for the one who wrote it. */
export function Status({ comment: { status, reason } }: { comment: SeenComment }) {
  return (
    <p className={styles.status} data-status={status}>
      <Mark status={status} />
      {SAY[status]} {status === "rejected" && reason} {status !== "approved" && "Only you see this text."}
    </p>
  );
}

function Mark({ status }: { status: SeenComment["status"] }) {
  return (
    <svg className={styles.mark} viewBox="0 0 16 16" aria-hidden="true">
      {status === "pending" && <circle className={styles.pulse} cx="8" cy="8" r="4.5" />}
      {status === "approved" && <path d="m2.5 8.5 4 4 7-9" />}
      {status === "rejected" && <path d="m3.5 3.5 9 9m0-9-9 9" />}
    </svg>
  );
}
