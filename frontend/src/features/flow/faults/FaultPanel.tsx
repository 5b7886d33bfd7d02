import { useFlow } from "../live/useFlow.ts";
import { Panel } from "../panel/Panel.tsx";
import { FaultSwitches } from "./FaultSwitches.tsx";

export function FaultPanel() {
  const canBreak = useFlow(({ faults }) => Boolean(faults));
  return (
    <Panel kind="Tool" name="Break it">
      <p>
        {canBreak
          ? "Make deliveries fail on purpose, and watch the blog stay right. The faults hold until you set them to off, for everybody."
          : "This bus injects no faults: EVENTBUS_FAULTS_ENABLED=1 allows it."}
      </p>
      <FaultSwitches />
    </Panel>
  );
}
