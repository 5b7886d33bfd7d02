import styles from "./SubscriptionTable.module.css";
import type { Subscription } from "./types.ts";

export function SubscriptionTable({ subscriptions }: { subscriptions: Subscription[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="Subscriptions">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Subscription</th>
            <th scope="col">State</th>
            <th scope="col">Lag</th>
            <th scope="col">Events</th>
          </tr>
        </thead>
        <tbody>
          {subscriptions.map(({ name, state, lag, types }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{state}</td>
              <td>{lag}</td>
              <td>{types.join(", ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
