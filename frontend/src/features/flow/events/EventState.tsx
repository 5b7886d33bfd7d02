import { Isolated } from "../../../lib/ui/Isolated.tsx";
import { STATE_WORDS, worst } from "../say.ts";
import type { Delivery, DeliveryState } from "../types.ts";
import styles from "./EventState.module.css";

/** Its deliveries' states in one word, with a mark that needs no colour; nothing before the bus was asked. */
export function EventState({ deliveries }: { deliveries: Delivery[] | undefined }) {
  if (!deliveries) return <span className={styles.state} />;
  const state = worst(deliveries.map((delivery) => delivery.state));
  if (!state) return <span className={styles.state}>no subscription</span>;
  const where = deliveries
    .filter((delivery) => delivery.state === state)
    .map(({ subscription }) => subscription);
  const isAtAll = where.length === deliveries.length;
  return (
    <span className={styles.state} data-state={state}>
      <StateMark state={state} />
      {STATE_WORDS[state]}
      {!isAtAll && (
        <>
          {" "}
          at <Isolated text={where.join(", ")} />
        </>
      )}
    </span>
  );
}

export function StateMark({ state }: { state: DeliveryState }) {
  return (
    <svg className={styles.mark} data-state={state} viewBox="0 0 12 12" aria-hidden="true">
      {state === "settled" && <circle cx="6" cy="6" r="3.5" />}
      {(state === "waiting" || state === "parked") && (
        <circle className={styles.hollow} cx="6" cy="6" r="3.75" />
      )}
      {state === "dead" && <path d="m2.5 2.5 7 7m0-7-7 7" />}
      {state === "discarded" && <path d="M2 6h8" />}
    </svg>
  );
}
