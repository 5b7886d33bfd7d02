import styles from "./Line.module.css";

/** A line with its stops; a broken one where something does not arrive. */
export function Line({ isBroken = false }: { isBroken?: boolean }) {
  return (
    <svg className={styles.line} viewBox="0 0 44 16" aria-hidden="true">
      <path d={isBroken ? "M2 8h9m7 0h3m8 0h7" : "M2 8h40"} />
      <circle cx="8" cy="8" r="3" />
      {!isBroken && <circle cx="22" cy="8" r="3" />}
      <circle className={styles.stop} cx="36" cy="8" r="5" />
    </svg>
  );
}
