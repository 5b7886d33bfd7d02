import { useContext } from "react";
import { isolated } from "../../../lib/text.ts";
import { FlowContext } from "../live/useFlow.ts";
import { Panel } from "../panel/Panel.tsx";
import type { Contract } from "../types.ts";
import { useClose } from "../view.ts";
import { SubscribeForm } from "./SubscribeForm.tsx";

/** A service written elsewhere is subscribed by hand: it sends no heartbeat that does it. */
export function SubscribePanel({ contracts }: { contracts: Contract[] }) {
  const flow = useContext(FlowContext);
  const close = useClose();
  return (
    <Panel kind="Subscription" name="Subscribe a service">
      <p>
        For a service that was not made with Blogbus. The bus delivers the chosen events to it, from the
        beginning of the history. To publish, it needs EVENTS_ALLOW_UNSIGNED=1 at the bus.
      </p>
      <SubscribeForm
        contracts={contracts}
        onSubscribed={(name, { url, types }) => {
          flow.say(`${name} gets ${isolated(types.join(", "))} at ${isolated(url)}.`);
          close("subscribe");
        }}
      />
    </Panel>
  );
}
