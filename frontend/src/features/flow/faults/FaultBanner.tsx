import { useContext } from "react";
import { setFaults } from "../api/faults.ts";
import styles from "../Banner.module.css";
import { FlowContext, useFlow } from "../live/useFlow.ts";
import { useAct } from "../useAct.ts";
import { areOn, loseAll, NO_FAULTS, sayFaults } from "./faults.ts";

/** Says so while deliveries have faults on purpose, wherever on the page one is. */
export function FaultBanner() {
  const flow = useContext(FlowContext);
  const faults = useFlow((picture) => picture.faults);
  const { act, isBusy } = useAct(async () => flow.faulted(await setFaults(NO_FAULTS)));
  return (
    <div role="status">
      {areOn(faults) && (
        <p className={styles.banner}>
          <span>
            <strong>Deliveries have faults on purpose.</strong>{" "}
            {loseAll(faults)
              ? "Every request or its response gets lost, so no delivery is confirmed: lag grows, and the blog is late until you remove this. No event is lost for good."
              : `Of all deliveries, ${sayFaults(faults)}. The blog stays correct, but is slower.`}
          </span>
          <button type="button" className="small" aria-disabled={isBusy} onClick={act}>
            Remove all faults
          </button>
        </p>
      )}
    </div>
  );
}
