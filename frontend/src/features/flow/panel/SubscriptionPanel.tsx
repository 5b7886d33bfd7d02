import { Isolated } from "../../../lib/ui/Isolated.tsx";
import { Time } from "../../../lib/ui/Time.tsx";
import { FlowTo } from "../FlowTo.tsx";
import { Hour } from "../hour/Hour.tsx";
import { Lag } from "../Lag.tsx";
import { useSubscription } from "../live/useFlow.ts";
import { sayOutbox, sayTrouble } from "../say.ts";
import { Remove } from "../subscribe/Remove.tsx";
import styles from "./ContractPanel.module.css";
import { Panel, PanelSection } from "./Panel.tsx";
import { Replay } from "./Replay.tsx";

/** One subscription: how it does, and what an operator may do about it. */
export function SubscriptionPanel({ name }: { name: string }) {
  const subscription = useSubscription(name);
  if (!subscription) {
    return (
      <Panel kind="Subscription" name={name}>
        <p>There is no subscription with this name.</p>
      </Panel>
    );
  }
  const { state, url, types, format, batchSize, catchUp, lastHeard, cursor, unsent = null } = subscription;
  return (
    <Panel kind="Subscription" name={name}>
      <dl className={styles.facts}>
        <dt>State</dt>
        <dd>{state}</dd>
        <dt>Lag</dt>
        <dd>
          <Lag subscription={subscription} />
        </dd>
        {state === "retrying" && (
          <>
            <dt>Last error</dt>
            <dd dir="auto">{sayTrouble(subscription)}</dd>
          </>
        )}
        <dt>Last heard</dt>
        <dd>{lastHeard ? <Time iso={lastHeard} /> : "never"}</dd>
        {unsent !== null && (
          <>
            <dt>Outbox</dt>
            <dd>{sayOutbox(unsent)}</dd>
          </>
        )}
        <dt>Events</dt>
        <dd>
          {types.length === 0 && "nothing"}
          {types.map((type) => (
            <FlowTo key={type} change={{ contract: type }}>
              {type}
            </FlowTo>
          ))}
        </dd>
        <dt>URL</dt>
        <dd>
          <span>
            <Isolated text={url} />,{" "}
            {format === "single" ? "one at a time" : `at most ${batchSize} at a time`}
            {catchUp === "self" && "; it reads what it missed by itself"}
          </span>
        </dd>
        <dt>Cursor</dt>
        <dd>{cursor}</dd>
      </dl>
      {(types.length > 0 || unsent !== null) && (
        <PanelSection title="Last hour">
          <Hour name={name} isSubscribed={types.length > 0} />
        </PanelSection>
      )}
      {types.length > 0 && (
        <PanelSection title="Replay">
          <Replay key={name} name={name} hasInbox={subscription.inboxId !== null} />
        </PanelSection>
      )}
      <PanelSection title="Remove">
        <Remove key={name} subscription={subscription} />
      </PanelSection>
    </Panel>
  );
}
