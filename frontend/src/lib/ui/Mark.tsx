import styles from "./Mark.module.css";

/** A status at a glance, and an empty place while it is not known; the words beside it say the same. */
export function Mark({ status }: { status: "pending" | "approved" | "rejected" | null }) {
  return (
    <svg className={styles.mark} viewBox="0 0 16 16" aria-hidden="true">
      {status === "pending" && <circle className={styles.pulse} cx="8" cy="8" r="4.5" />}
      {status === "approved" && <path d="m2.5 8.5 4 4 7-9" />}
      {status === "rejected" && <path d="m3.5 3.5 9 9m0-9-9 9" />}
    </svg>
  );
}
