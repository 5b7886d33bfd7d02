import { type Edge, EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import type { Travel } from "../live/travels.ts";
import { useFlow, useSubscription } from "../live/useFlow.ts";
import { perSecond } from "../say.ts";
import { Dot } from "./Dot.tsx";
import type { LineShape } from "./geometry.ts";
import styles from "./Line.module.css";

export type LineData = LineShape & { subscription: string | null };

const NOTHING: readonly Travel[] = [];

/** One edge with the events that travel it. */
export const Line = memo(function Line({ id, data }: EdgeProps<Edge<LineData>>) {
  const { path, points, label, subscription } = data as LineData;
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
      <EdgeLabelRenderer>
        {travels.map((travel) => (
          <Dot key={travel.key} points={points} travel={travel} edge={id} />
        ))}
      </EdgeLabelRenderer>
    </>
  );
});
