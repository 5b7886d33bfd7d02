import { memo } from "react";
import { FlowTo } from "../FlowTo.tsx";
import { Lag } from "../Lag.tsx";
import { outTo } from "../live/travels.ts";
import { useSubscription } from "../live/useFlow.ts";
import { sayTrouble } from "../say.ts";
import styles from "./Station.module.css";
import { standingOf } from "./standing.ts";

/** Where events go, and how that goes. */
export const Subscriber = memo(function Subscriber({ row, name }: { row: number; name: string }) {
  const subscription = useSubscription(name);
  if (!subscription) return null;
  const { state, types } = subscription;
  return (
    <div
      className={`${styles.station} ${styles.subscriber}`}
      data-node={outTo(name)}
      data-state={standingOf(subscription)}
    >
      <p className={styles.name}>
        <span className={styles.stop} data-stop={`out ${row}`} />
        <FlowTo change={{ subscription: name }}>{name}</FlowTo>
      </p>
      <p className={styles.lag}>
        {state !== "active" && <span className={styles.state}>{state}, </span>}
        <Lag subscription={subscription} />
      </p>
      {state === "retrying" ? (
        <p className={styles.trouble} dir="auto" title={subscription.lastError ?? ""}>
          {sayTrouble(subscription)}
        </p>
      ) : (
        <p className={styles.types}>
          {types.map((type) => (
            <FlowTo key={type} change={{ contract: type }}>
              {type}
            </FlowTo>
          ))}
        </p>
      )}
    </div>
  );
});
