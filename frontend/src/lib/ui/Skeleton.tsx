import styles from "./Skeleton.module.css";

/** Bars in the place of lines to come; widths are those of ordinary text, in per cent. */
export function Skeleton({ widths }: { widths: number[] }) {
  return (
    <span className={styles.skeleton}>
      {widths.map((width) => (
        <svg key={width} className={styles.bar} aria-hidden="true">
          <rect width={`${width}%`} height="100%" rx="3" />
        </svg>
      ))}
    </span>
  );
}
