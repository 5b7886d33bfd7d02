import { plural } from "../../lib/text.ts";
import { StateMark } from "./events/EventState.tsx";
import styles from "./Lag.module.css";
import { sayWaiting } from "./say.ts";
import type { Subscription } from "./types.ts";

/** What a subscription has still to get; what waits for a person is the loudest of it. */
export function Lag({ subscription }: { subscription: Subscription }) {
  const { deadLetters } = subscription;
  const waiting = sayWaiting(subscription);
  if (deadLetters === 0) return waiting || "up to date";
  return (
    <>
      {waiting}
      {waiting && <span className="unseen">,</span>}{" "}
      <strong className={styles.dead}>
        <StateMark state="dead" />
        {plural(deadLetters, "dead letter")}
      </strong>
    </>
  );
}
