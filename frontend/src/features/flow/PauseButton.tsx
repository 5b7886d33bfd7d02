import { useContext } from "react";
import { pauseSubscription, resumeSubscription } from "./api/subscriptions.ts";
import { FlowContext } from "./live/useFlow.ts";
import type { Subscription } from "./types.ts";
import { useAct } from "./useAct.ts";

export function PauseButton({ subscription: { name, state } }: { subscription: Subscription }) {
  const flow = useContext(FlowContext);
  const isPaused = state === "paused";
  const { act, isBusy } = useAct(async () => {
    flow.patch(await (isPaused ? resumeSubscription : pauseSubscription)(name));
  });
  return (
    <button type="button" className="quiet small" aria-disabled={isBusy} onClick={act}>
      {isPaused ? "Resume" : "Pause"}
      <span className="unseen"> {name}</span>
    </button>
  );
}
