import { useSearchParams } from "react-router";
import styles from "./Desk.module.css";
import { Queue } from "./Queue.tsx";
import { PANEL, StatusTabs, tabOf } from "./StatusTabs.tsx";
import type { Status } from "./types.ts";
import { useCounts } from "./useCounts.ts";

const STATUSES: readonly Status[] = ["pending", "rejected", "approved"];

export function Desk() {
  const [search, setSearch] = useSearchParams();
  const asked = search.get("status");
  const status = STATUSES.find((known) => known === asked) ?? "pending";
  const show = (next: Status) =>
    setSearch(next === "pending" ? {} : { status: next }, { replace: true, preventScrollReset: true });
  return (
    <>
      <h1 className={styles.title}>Moderation</h1>
      <StatusTabs statuses={STATUSES} shown={status} counts={useCounts()} onShow={show} />
      <div role="tabpanel" id={PANEL} aria-labelledby={tabOf(status)}>
        <Queue key={status} status={status} />
      </div>
    </>
  );
}
