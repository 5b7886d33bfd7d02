import styles from "./Skeleton.module.css";

/** Bars in the place of lines to come; widths are those of ordinary text, in per cent. */
export function Skeleton({ widths }: { widths: number[] }) {
  return (
    <span className={styles.skeleton} aria-hidden="true">
      {widths.map((width) => (
        <span key={width} className={styles.bar} style={{ width: `${width}%` }} />
      ))}
    </span>
  );
}
