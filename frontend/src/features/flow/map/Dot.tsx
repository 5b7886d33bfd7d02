import { memo, useCallback } from "react";
import { TRAVEL_MS, type Travel } from "../live/travels.ts";
import styles from "./Dot.module.css";
import type { Point } from "./geometry.ts";

const FAILS_AT = 0.65;

type Props = { points: Point[]; travel: Travel; edge: string };

/** Events on their way. It is moved by the compositor alone: while many travel, the page stays free to answer. */
export const Dot = memo(function Dot({ points, travel: { count, label, hasFailed }, edge }: Props) {
  const depart = useCallback(
    (dot: HTMLElement | null) => {
      dot?.animate(along(hasFailed ? upTo(points, FAILS_AT) : points), { duration: TRAVEL_MS, fill: "both" });
    },
    [points, hasFailed],
  );
  const size = Math.round(Math.min(9 + 2 * Math.log2(count), 20));
  return (
    <div ref={depart} className={styles.dot} data-edge={edge} data-failed={hasFailed} aria-hidden="true">
      <span className={styles.mark} style={{ width: size, height: size }} />
      <span className={styles.label}>{label || count.toLocaleString("en")}</span>
    </div>
  );
});

/** Keyframes at an even pace. */
function along(points: Point[]): Keyframe[] {
  const [whole, passed] = lengths(points);
  return points.map(({ x, y }, index) => ({
    transform: `translate(${x}px, ${y}px)`,
    offset: (passed[index] ?? whole) / whole,
  }));
}

/** The part of the way before `share` of its length. */
function upTo(points: Point[], share: number): Point[] {
  const [whole, passed] = lengths(points);
  const last = points.findIndex((_, index) => (passed[index] ?? 0) >= whole * share);
  const [before, after] = [points[last - 1], points[last]];
  if (!before || !after) return points;
  const [from, to] = [passed[last - 1] ?? 0, passed[last] ?? whole];
  const rest = (whole * share - from) / (to - from);
  const end = { x: before.x + (after.x - before.x) * rest, y: before.y + (after.y - before.y) * rest };
  return [...points.slice(0, last), end];
}

/** The length of the way, and how much of it lies before each point. */
function lengths(points: Point[]): [whole: number, passed: number[]] {
  let whole = 0;
  const passed = points.map(({ x, y }, index) => {
    const before = points[index - 1];
    if (before) whole += Math.hypot(x - before.x, y - before.y);
    return whole;
  });
  return [whole, passed];
}
