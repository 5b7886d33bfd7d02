import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import { FlowTo } from "../FlowTo.tsx";
import { useSubscription } from "../live/useFlow.ts";
import { PauseButton } from "../PauseButton.tsx";
import { sayLag, sayTrouble } from "../say.ts";
import styles from "./Station.module.css";

/** Where events go, and how that goes. */
export const Subscriber = memo(function Subscriber({ data: { name } }: NodeProps<Node<{ name: string }>>) {
  const subscription = useSubscription(name);
  if (!subscription) return null;
  const { state, types } = subscription;
  return (
    <div className={`${styles.station} ${styles.subscriber}`} data-state={state}>
      <Handle type="target" position={Position.Left} isConnectable={false} className={styles.handle} />
      <p className={styles.name}>
        <span className={styles.stop} />
        <FlowTo change={{ subscription: name }}>{name}</FlowTo>
        <PauseButton subscription={subscription} />
      </p>
      <p className={styles.lag}>
        {state !== "active" && <span className={styles.state}>{state}, </span>}
        {sayLag(subscription)}
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
