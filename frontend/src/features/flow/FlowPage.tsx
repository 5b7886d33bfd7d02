import { useQuery } from "@tanstack/react-query";
import { WithToken } from "../../lib/token/WithToken.tsx";
import { Failure, Stale } from "../../lib/ui/Failure.tsx";
import { listSubscriptions } from "./api/listSubscriptions.ts";
import styles from "./FlowPage.module.css";
import { SubscriptionTable } from "./SubscriptionTable.tsx";

const EVERY_MS = 1_000;

/** Where events are and how they travel, for the operator. */
export function FlowPage() {
  return (
    <>
      <title>Flow · Blogbus</title>
      <WithToken of="operator" title="Flow">
        <Flow />
      </WithToken>
    </>
  );
}

function Flow() {
  const { data, error, refetch } = useQuery({
    queryKey: ["subscriptions"],
    queryFn: ({ signal }) => listSubscriptions(signal),
    refetchInterval: EVERY_MS,
  });
  return (
    <>
      <h1 className={styles.title}>Flow</h1>
      {!data && error && <Failure title="The bus cannot be seen" error={error} onRetry={refetch} />}
      {data && <SubscriptionTable subscriptions={data} />}
      {data && <Stale error={error} />}
    </>
  );
}
