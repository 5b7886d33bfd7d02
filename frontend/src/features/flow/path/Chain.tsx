import { Isolated } from "../../../lib/ui/Isolated.tsx";
import { FlowTo } from "../FlowTo.tsx";
import { sayMilliseconds, timeOfDay } from "../say.ts";
import type { Path } from "../types.ts";
import styles from "./Chain.module.css";
import { Steps } from "./Steps.tsx";
import { type Stop, stopsOf } from "./story.ts";

/** The chain as a line: every event is a stop, and at the opened one stands what became of it. */
export function Chain({ path }: { path: Path }) {
  return (
    <ol className={styles.line}>
      {stopsOf(path).map((stop) => (
        <ChainStop key={stop.event.id} stop={stop} opened={path} />
      ))}
    </ol>
  );
}

function ChainStop({ stop: { event, after, cause }, opened }: { stop: Stop; opened: Path }) {
  const isOpened = event.id === opened.event.id;
  return (
    <li className={styles.stop} data-opened={isOpened} aria-current={isOpened ? "step" : undefined}>
      <p className={styles.head}>
        {isOpened ? (
          <strong dir="auto">{event.type}</strong>
        ) : (
          <FlowTo change={{ event: event.id }}>{event.type}</FlowTo>
        )}
        <time dateTime={event.time}>
          {after === 0 ? timeOfDay(event.time) : `+${sayMilliseconds(after)}`}
        </time>
      </p>
      <p className={styles.by}>
        published by <Isolated text={event.source.slice(1)} />
        {cause && (
          <>
            , because of <Isolated text={cause.type} />
          </>
        )}
      </p>
      {isOpened && <Steps path={opened} />}
    </li>
  );
}
