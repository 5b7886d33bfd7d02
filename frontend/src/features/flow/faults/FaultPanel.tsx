import { useFlow } from "../live/useFlow.ts";
import { Panel } from "../panel/Panel.tsx";
import { FaultSwitches } from "./FaultSwitches.tsx";

export function FaultPanel() {
  const isRefused = useFlow(({ faults }) => faults === null);
  return (
    <Panel kind="Tool" name="Break it">
      <p>
        {isRefused
          ? "This bus injects no faults: EVENTBUS_FAULTS_ENABLED=1 allows it."
          : "Make deliveries fail on purpose, and watch the blog stay right. The faults stay on for everyone until you turn them off."}
      </p>
      <FaultSwitches />
    </Panel>
  );
}
