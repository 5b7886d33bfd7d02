import { Time } from "../../lib/ui/Time.tsx";
import { FlowTo } from "./FlowTo.tsx";
import { Sparkline } from "./hour/Sparkline.tsx";
import { SETTLED } from "./hour/series.ts";
import { useHour } from "./hour/useHour.ts";
import { Lag } from "./Lag.tsx";
import { outTo } from "./live/travels.ts";
import { useFlow } from "./live/useFlow.ts";
import { PauseButton } from "./PauseButton.tsx";
import styles from "./SubscriptionTable.module.css";
import { perSecond, sayOutbox, sayTrouble } from "./say.ts";
import type { Subscription } from "./types.ts";

/** What the map shows and can do, as a table. */
export function SubscriptionTable({ subscriptions }: { subscriptions: Subscription[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="Subscriptions">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col" className={styles.more}>
              State
            </th>
            <th scope="col">Lag</th>
            <th scope="col" className={styles.more}>
              Rate
            </th>
            <th scope="col" className={styles.more}>
              Outbox
            </th>
            <th scope="col" className={styles.more}>
              Last hour
            </th>
            <th scope="col" className={styles.more}>
              Last heard
            </th>
            <th scope="col" className={styles.more}>
              Events
            </th>
            <th scope="col">
              <span className="unseen">What to do</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {subscriptions.map((subscription) => (
            <Row key={subscription.name} subscription={subscription} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ subscription }: { subscription: Subscription }) {
  const { name, state, types, lastHeard, unsent = null } = subscription;
  const rate = useFlow(({ rates }) => rates[outTo(name)] ?? 0);
  const { minutes } = useHour(name);
  const isSubscribed = types.length > 0;
  const standing = isSubscribed ? state : "publishes only";
  return (
    <tr data-state={state}>
      <th scope="row">
        <FlowTo change={{ subscription: name }}>{name}</FlowTo>
        <span className={`${styles.less} ${styles.state}`}>{standing}</span>
      </th>
      <td className={`${styles.more} ${styles.state}`}>{standing}</td>
      <td>
        {isSubscribed && <Lag subscription={subscription} />}
        {state === "retrying" && (
          <p className={styles.trouble} dir="auto">
            {sayTrouble(subscription)}
          </p>
        )}
      </td>
      <td className={styles.more}>{isSubscribed && perSecond(rate)}</td>
      <td className={styles.more}>{unsent !== null && sayOutbox(unsent)}</td>
      <td className={`${styles.more} ${styles.hour}`}>
        {isSubscribed && <Sparkline minutes={minutes} series={SETTLED} />}
      </td>
      <td className={styles.more}>{lastHeard ? <Time iso={lastHeard} /> : "–"}</td>
      <td className={`${styles.more} ${styles.types}`}>
        {types.map((type) => (
          <FlowTo key={type} change={{ contract: type }}>
            {type}
          </FlowTo>
        ))}
      </td>
      <td>
        {isSubscribed && (
          <span className={styles.actions}>
            <FlowTo change={{ subscription: name }} className={styles.more}>
              Replay<span className="unseen"> {name}</span>
            </FlowTo>
            <PauseButton subscription={subscription} />
          </span>
        )}
      </td>
    </tr>
  );
}
