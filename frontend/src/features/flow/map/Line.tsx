import { memo } from "react";
import type { Travel } from "../live/travels.ts";
import { useFlow, useSubscription } from "../live/useFlow.ts";
import { perSecond } from "../say.ts";
import { Dot } from "./Dot.tsx";
import type { LabelPlace, LineShape } from "./geometry.ts";
import styles from "./Line.module.css";
import { standingOf } from "./standing.ts";

/** `subscription` is empty for what a service publishes. */
type Props = LineShape & { id: string; subscription: string; label: LabelPlace };

const NOTHING: readonly Travel[] = [];

export const Line = memo(function Line({ path, subscription }: Props) {
  const state = standingOf(useSubscription(subscription));
  return <path className={styles.line} data-state={state} d={path} />;
});

/** What goes along a line: how much each second, how much waits, and the events as dots. */
export const Traffic = memo(function Traffic({ id, points, subscription, label }: Props) {
  const travels = useFlow((picture) => picture.travels[id] ?? NOTHING);
  const rate = useFlow(({ rates }) => rates[id] ?? 0);
  const its = useSubscription(subscription);
  const behind = its ? its.lag - its.parked : 0;
  const words = [rate > 0 && perSecond(rate), behind > 0 && `${behind.toLocaleString("en")} behind`];
  return (
    <>
      <p
        className={styles.label}
        data-line={id}
        data-out={subscription !== ""}
        data-above={label.isAbove}
        style={{ insetBlockStart: label.y, insetInlineStart: label.x }}
      >
        {words.filter(Boolean).join(", ")}
      </p>
      {travels.map((travel) => (
        <Dot key={travel.key} points={points} travel={travel} edge={id} />
      ))}
    </>
  );
});
