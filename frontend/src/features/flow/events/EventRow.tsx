import { memo } from "react";
import { FlowTo } from "../FlowTo.tsx";
import { dayAndTime, labelOf } from "../say.ts";
import type { Delivery, ListedEvent } from "../types.ts";
import styles from "./EventList.module.css";
import { EventState } from "./EventState.tsx";

/** Characters of an id that tell one from another; the rest shows while somebody points at it. */
const SHORT = 8;

type Props = { event: ListedEvent; deliveries: Delivery[] | undefined; isOpened: boolean };

export const EventRow = memo(function EventRow({ event, deliveries, isOpened }: Props) {
  const { id, type, source, subject, time } = event;
  const label = labelOf(event);
  return (
    <FlowTo change={{ event: id }} className={styles.event} direction="ltr" isCurrent={isOpened}>
      <time dateTime={time}>{dayAndTime(time)}</time>
      <span className={styles.type} dir="auto">
        {type}
      </span>
      <span className={styles.source} dir="auto">
        {source.slice(1)}
      </span>
      <span className={styles.about}>
        {label && (
          <span className={styles.label} dir="auto">
            {label}
          </span>
        )}
        <span className={styles.subject} title={subject} dir="auto">
          {subject.slice(0, SHORT)}
          <span className={styles.rest}>{subject.slice(SHORT)}</span>
        </span>
      </span>
      <EventState deliveries={deliveries} />
    </FlowTo>
  );
});
