import type { ReactNode } from "react";
import { plural } from "../../../lib/text.ts";
import { Isolated } from "../../../lib/ui/Isolated.tsx";
import { Time } from "../../../lib/ui/Time.tsx";
import { FlowTo } from "../FlowTo.tsx";
import { labelOf } from "../say.ts";
import type { DeadLetter } from "../types.ts";
import styles from "./DeadLetters.module.css";

const NEXT = 5;

type Props = {
  letter: DeadLetter;
  /** What its group does not say already. */
  saysError: boolean;
  saysPlace: boolean;
  children: ReactNode;
};

/** One event that a subscription could not apply: why, since when, and what waits behind it. */
export function Letter({ letter, saysError, saysPlace, children }: Props) {
  const { event, error, at, attempts, since, behind } = letter;
  return (
    <li className={styles.letter}>
      <p className={styles.what}>
        <FlowTo change={{ event: event.id }}>{event.type}</FlowTo> <Isolated text={labelOf(event)} />
      </p>
      {children}
      {saysError && (
        <p className={styles.more} dir="auto">
          {error}
        </p>
      )}
      {at && saysPlace && (
        <p className={styles.more}>
          at <code className={styles.place}>{at}</code>
        </p>
      )}
      <p className={styles.more}>
        {plural(attempts, "attempt")}, first <Time iso={since} />
        {behind.length > 0 && (
          <>
            ; behind it {behind.length === 1 ? "waits" : "wait"}{" "}
            {behind.slice(0, NEXT).map(({ id, type }, index) => (
              <span key={id}>
                {index > 0 && ", "}
                <FlowTo change={{ event: id }}>{type}</FlowTo>
              </span>
            ))}
            {behind.length > NEXT && ` and ${behind.length - NEXT} more`}
          </>
        )}
      </p>
    </li>
  );
}
