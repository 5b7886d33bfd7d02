import { useSearchParams } from "react-router";
import { Trail } from "../../lib/audit/Trail.tsx";
import { listAudit } from "./api/listAudit.ts";
import styles from "./Desk.module.css";
import { Queue } from "./Queue.tsx";
import { PANEL, StatusTabs, tabOf } from "./StatusTabs.tsx";
import type { Status } from "./types.ts";
import { useCounts } from "./useCounts.ts";
import { saysDone } from "./words.ts";

const TRAIL = ["moderation"];
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
      <Trail queryKey={TRAIL} list={listAudit} says={saysDone} />
    </>
  );
}
