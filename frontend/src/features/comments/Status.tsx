import { Isolated } from "../../lib/ui/Isolated.tsx";
import { Mark } from "../../lib/ui/Mark.tsx";
import styles from "./Status.module.css";
import type { SeenComment } from "./types.ts";

const SAY = { pending: "Waiting for moderation.", approved: "Approved.", rejected: "Rejected." };

/** What became of a comment, for the one who wrote it. */
export function Status({ comment: { status, reason } }: { comment: SeenComment }) {
  return (
    <p className={styles.status} data-status={status}>
      <Mark status={status} />
      <span>
        {SAY[status]} {status === "rejected" && <Isolated text={reason} />}{" "}
        {status !== "approved" && "No other reader sees this text."}
      </span>
    </p>
  );
}
