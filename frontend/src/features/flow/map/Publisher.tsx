import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import { FlowTo } from "../FlowTo.tsx";
import styles from "./Station.module.css";

type Data = { name: string; types: string[] };

/** Where events come from; each of its types leads to its contract. */
export const Publisher = memo(function Publisher({ data: { name, types } }: NodeProps<Node<Data>>) {
  return (
    <div className={`${styles.station} ${styles.publisher}`}>
      <p className={styles.name}>
        <FlowTo change={{ service: name }}>{name}</FlowTo>
        <span className={styles.stop} />
      </p>
      <ul className={styles.types}>
        {types.map((type) => (
          <li key={type}>
            <FlowTo change={{ contract: type }}>{type}</FlowTo>
          </li>
        ))}
      </ul>
      <Handle type="source" position={Position.Right} isConnectable={false} className={styles.handle} />
    </div>
  );
});
