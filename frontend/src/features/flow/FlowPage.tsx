import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Trail } from "../../lib/audit/Trail.tsx";
import { useToken } from "../../lib/token/token.ts";
import { WithToken } from "../../lib/token/WithToken.tsx";
import { useStanding } from "../../lib/useStanding.ts";
import { listAudit } from "./api/audit.ts";
import { listContracts } from "./api/contracts.ts";
import { EventList } from "./events/EventList.tsx";
import { Filters } from "./events/Filters.tsx";
import styles from "./FlowPage.module.css";
import { FaultBanner } from "./faults/FaultBanner.tsx";
import { DeadLetters } from "./letters/DeadLetters.tsx";
import { FlowContext, useFlow } from "./live/useFlow.ts";
import { useListening } from "./live/useListening.ts";
import { FlowMap } from "./map/FlowMap.tsx";
import { type Row, rowsOf } from "./map/topology.ts";
import { Opened } from "./Opened.tsx";
import { Away, Notice, Standing } from "./Standing.tsx";
import { SubscriptionTable } from "./SubscriptionTable.tsx";
import { sayAction } from "./sayAction.ts";
import { Tools } from "./Tools.tsx";
import { TITLE, Trouble } from "./Trouble.tsx";
import type { Contract } from "./types.ts";
import { useView } from "./view.ts";

const NONE: Contract[] = [];
const TRAIL = ["bus"];
const CONTRACTS = ["bus-contracts"];

/** Where events are and how they travel, for the operator. */
export function FlowPage() {
  const token = useToken("operator");
  return (
    <>
      {!token && <title>{TITLE}</title>}
      <WithToken of="operator" title="Flow">
        <Listening />
      </WithToken>
    </>
  );
}

function Listening() {
  const flow = useListening();
  return (
    <FlowContext value={flow}>
      <header className={styles.header}>
        <h1 className={styles.title}>Flow</h1>
        <Standing />
      </header>
      <Away />
      <Trouble />
      <FaultBanner />
      <Picture />
      <Notice />
    </FlowContext>
  );
}

function Picture() {
  const subscriptions = useFlow((picture) => picture.subscriptions);
  const sources = useFlow((picture) => picture.sources);
  const { filter, opened } = useView();
  const { data: contracts, ...query } = useQuery({
    queryKey: CONTRACTS,
    queryFn: ({ signal }) => listContracts(signal),
    refetchInterval: ({ state }) => (state.data ? false : 2_000),
  });
  const error = useStanding(CONTRACTS, { ...query, data: contracts });
  const known = contracts ?? NONE;
  const rows = useSame(rowsOf(known, subscriptions ?? [], [...sources]));
  if (!subscriptions || !(contracts || error)) return <Coming />;
  return (
    <div className={styles.page} data-opened={opened !== null}>
      <div className={styles.column}>
        <Tools />
        <div className={styles.picture}>
          <FlowMap rows={rows} contracts={known} />
          <SubscriptionTable subscriptions={subscriptions} />
        </div>
        <DeadLetters />
        <section className={styles.events} aria-labelledby="events">
          <h2 id="events" tabIndex={-1} className={styles.subtitle}>
            Events
          </h2>
          <Filters filter={filter} types={known.map(({ type }) => type)} services={servicesIn(rows)} />
          <EventList filter={filter} openedId={opened?.kind === "event" ? opened.id : undefined} />
        </section>
        <Trail queryKey={TRAIL} list={listAudit} says={sayAction} />
      </div>
      {opened && <Opened opened={opened} contracts={known} />}
    </div>
  );
}

/** The same object for as long as it says the same: what is memoised stays so. */
function useSame<T>(value: T): T {
  const text = JSON.stringify(value);
  return useMemo(() => JSON.parse(text) as T, [text]);
}

function servicesIn(rows: Row[]): string[] {
  return rows.flatMap(({ publisher }) => publisher ?? []);
}

function Coming() {
  const isLost = useFlow(({ link }) => link.state === "lost");
  return (
    <p role="status" className={styles.coming}>
      {!isLost && "Connecting to the bus…"}
    </p>
  );
}
