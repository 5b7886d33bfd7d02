import { plural } from "../../../lib/text.ts";
import { StateMark } from "../events/EventState.tsx";
import { FlowTo } from "../FlowTo.tsx";
import { STATE_WORDS, sayMilliseconds } from "../say.ts";
import type { Attempt, Path } from "../types.ts";
import styles from "./Chain.module.css";
import { abridged, sinceThen } from "./story.ts";

/** Stored, and then what became of it at each subscription, attempt by attempt. */
export function Steps({ path: { event, storedAt, deliveries } }: { path: Path }) {
  return (
    <ol className={styles.steps}>
      {storedAt && (
        <li>
          <p className={styles.head}>
            <span>stored by the bus</span>
            <After time={storedAt} then={event.time} />
          </p>
        </li>
      )}
      {deliveries.length === 0 && <li>No subscription has this type.</li>}
      {deliveries.map(({ subscription, state, nextTry, attempts, attemptsLeftOut }) => (
        <li key={subscription}>
          <p className={styles.head}>
            <span>
              <StateMark state={state} />
              <FlowTo change={{ subscription }}>{subscription}</FlowTo> {STATE_WORDS[state]}
              {nextTry !== null && `, again in ${sayMilliseconds(nextTry * 1_000)}`}
            </span>
          </p>
          <Attempts attempts={attempts} leftOut={attemptsLeftOut} then={event.time} />
        </li>
      ))}
    </ol>
  );
}

function Attempts(props: { attempts: Attempt[]; leftOut: number; then: string }) {
  const { first, leftOut, last } = abridged(props.attempts, props.leftOut);
  const { then } = props;
  return (
    <ul className={styles.attempts}>
      {first.map((attempt) => (
        <Try key={attempt.time} attempt={attempt} then={then} />
      ))}
      {leftOut > 0 && <li>{plural(leftOut, "more attempt")}</li>}
      {last.map((attempt) => (
        <Try key={attempt.time} attempt={attempt} then={then} />
      ))}
    </ul>
  );
}

function Try({ attempt: { time, status, latencyMs, error }, then }: { attempt: Attempt; then: string }) {
  return (
    <li data-failed={error !== null}>
      <p className={styles.head}>
        <span>
          {status ?? "no answer"} in {sayMilliseconds(latencyMs)}
        </span>
        <After time={time} then={then} />
      </p>
      {error && (
        <p className={styles.error} dir="auto">
          {error}
        </p>
      )}
    </li>
  );
}

function After({ time, then }: { time: string; then: string }) {
  const after = sinceThen(time, then);
  return (
    <time dateTime={time}>{after < 0 ? `−${sayMilliseconds(-after)}` : `+${sayMilliseconds(after)}`}</time>
  );
}
