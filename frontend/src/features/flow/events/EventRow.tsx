import { memo } from "react";
import { FlowTo } from "../FlowTo.tsx";
import { timeOfDay } from "../say.ts";
import type { Delivery, ListedEvent } from "../types.ts";
import styles from "./EventList.module.css";
import { EventState } from "./EventState.tsx";

type Props = { event: ListedEvent; deliveries: Delivery[] | undefined; isOpened: boolean };

export const EventRow = memo(function EventRow({ event, deliveries, isOpened }: Props) {
  const { id, type, source, subject, time } = event;
  return (
    <FlowTo change={{ event: id }} className={styles.event} direction="ltr" isCurrent={isOpened}>
      <time dateTime={time}>{timeOfDay(time)}</time>
      <span className={styles.type} dir="auto">
        {type}
      </span>
      <span className={styles.source} dir="auto">
        {source.slice(1)}
      </span>
      <span className={styles.subject} dir="auto">
        {subject}
      </span>
      <EventState deliveries={deliveries} />
    </FlowTo>
  );
});
