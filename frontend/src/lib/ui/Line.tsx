import styles from "./Line.module.css";

/** A line with its stops. */
export function Line() {
  return (
    <svg className={styles.line} viewBox="0 0 44 16" aria-hidden="true">
      <path d="M2 8h40" />
      <circle cx="8" cy="8" r="3" />
      <circle cx="22" cy="8" r="3" />
      <circle className={styles.stop} cx="36" cy="8" r="5" />
    </svg>
  );
}

/** One that does not arrive. */
export function BrokenLine() {
  return (
    <svg className={styles.broken} viewBox="0 0 160 16" aria-hidden="true">
      <path d="M2 8h70m10 0h6m10 0h6m10 0h44" />
      <circle cx="8" cy="8" r="3" />
      <circle cx="52" cy="8" r="3" />
      <circle className={styles.stop} cx="152" cy="8" r="5" />
    </svg>
  );
}
