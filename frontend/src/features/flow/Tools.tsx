import { FlowTo } from "./FlowTo.tsx";
import { useFlow } from "./live/useFlow.ts";
import styles from "./Tools.module.css";

/** What an operator needs now and then, each in a panel. */
export function Tools() {
  const canBreak = useFlow(({ faults }) => Boolean(faults));
  return (
    <nav className={styles.tools} aria-label="Tools">
      {canBreak && <FlowTo change={{ tool: "faults" }}>Break it</FlowTo>}
      <FlowTo change={{ subscribe: "new" }}>Subscribe a service</FlowTo>
      <FlowTo change={{ tool: "rebuild" }}>Rebuild the read model</FlowTo>
    </nav>
  );
}
