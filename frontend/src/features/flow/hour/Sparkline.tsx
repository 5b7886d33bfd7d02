import type { Minute } from "../types.ts";
import styles from "./Hour.module.css";
import { pathOf, type Series, sayHour } from "./series.ts";

const BOX = { width: 120, height: 20 };

/** The last hour as a small line. */
export function Sparkline({ minutes, series }: { minutes: Minute[]; series: Series }) {
  if (minutes.length === 0) return null;
  return (
    <svg
      className={styles.spark}
      viewBox={`-2 -2 ${BOX.width + 4} ${BOX.height + 4}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${series.label}, last hour: ${sayHour(minutes, series)}`}
    >
      <path d={pathOf(minutes, series.of, BOX)} />
    </svg>
  );
}
