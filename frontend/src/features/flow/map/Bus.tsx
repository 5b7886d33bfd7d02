import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import { useFlow } from "../live/useFlow.ts";
import { perSecond } from "../say.ts";
import styles from "./Bus.module.css";

type Data = { width: number; height: number };

/** The interchange. */
export const Bus = memo(function Bus({ data: { width, height } }: NodeProps<Node<Data>>) {
  const rate = useFlow(({ rates }) =>
    Object.entries(rates).reduce((sum, [key, each]) => (key.startsWith("into:") ? sum + each : sum), 0),
  );
  const isLost = useFlow(({ link }) => link.state === "lost");
  return (
    <div className={styles.bus} style={{ width, height }} data-lost={isLost}>
      <p className={styles.name}>event bus</p>
      <p className={styles.rate}>{isLost ? "does not answer" : rate > 0 && perSecond(rate)}</p>
      <Handle type="target" position={Position.Left} isConnectable={false} className={styles.handle} />
      <Handle type="source" position={Position.Right} isConnectable={false} className={styles.handle} />
    </div>
  );
});
