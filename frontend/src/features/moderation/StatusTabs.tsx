import { Link } from "react-router";
import { type Asked, addressOf } from "./asked.ts";
import styles from "./StatusTabs.module.css";
import type { Counts } from "./types.ts";

const TABS: [Asked["status"], string][] = [
  ["pending", "Held"],
  ["rejected", "Rejected"],
  ["approved", "Approved"],
  ["all", "All"],
];

type Props = { asked: Asked; counts: Counts | undefined };

/** Links, so that Back and a new tab work. They keep what is selected, and their counts are of that. */
export function StatusTabs({ asked, counts }: Props) {
  return (
    <nav aria-label="Comments" className={styles.tabs}>
      {TABS.map(([status, name]) => (
        <Link
          key={status}
          className={styles.tab}
          to={addressOf({ ...asked, status })}
          aria-current={status === asked.status ? "page" : undefined}
        >
          {name} <span className={styles.count}>{counts && countOf(status, counts)}</span>
        </Link>
      ))}
    </nav>
  );
}

function countOf(status: Asked["status"], counts: Counts): number {
  return status === "all" ? counts.pending + counts.rejected + counts.approved : counts[status];
}
