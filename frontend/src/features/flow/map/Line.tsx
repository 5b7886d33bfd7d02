import type { Edge, EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { TRAVEL_MS, type Travel } from "../live/travels.ts";
import { useFlow, useSubscription } from "../live/useFlow.ts";
import { perSecond } from "../say.ts";
import type { LineShape } from "./geometry.ts";
import styles from "./Line.module.css";

export type LineData = LineShape & { subscription: string | null };

const NOTHING: readonly Travel[] = [];

/** One edge with the events that travel it. */
export const Line = memo(function Line({ id, data }: EdgeProps<Edge<LineData>>) {
  const { path, label, subscription } = data as LineData;
  const travels = useFlow((picture) => picture.travels[id] ?? NOTHING);
  const rate = useFlow(({ rates }) => rates[id] ?? 0);
  const state = useSubscription(subscription ?? "")?.state ?? "active";
  return (
    <>
      <path className={styles.line} data-state={state} d={path} />
      {rate > 0 && (
        <text className={styles.rate} x={label.x} y={label.y} data-out={subscription !== null}>
          {perSecond(rate)}
        </text>
      )}
      {travels.map((travel) => (
        <Dot key={travel.key} path={path} travel={travel} />
      ))}
    </>
  );
});

function Dot({ path, travel: { count, label, hasFailed } }: { path: string; travel: Travel }) {
  return (
    <g
      className={styles.travel}
      data-failed={hasFailed}
      style={{ offsetPath: `path("${path}")`, animationDuration: `${TRAVEL_MS}ms` }}
    >
      <circle r={Math.min(4.5 + Math.log2(count), 10)} />
      <text y={-12}>{label || count}</text>
    </g>
  );
}
