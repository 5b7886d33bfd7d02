import type { KeyboardEvent } from "react";
import styles from "./StatusTabs.module.css";
import type { Counts, Status } from "./types.ts";

export const PANEL = "queue";
export const tabOf = (status: Status) => `tab-${status}`;

const NAMES: Record<Status, string> = { pending: "Held", rejected: "Rejected", approved: "Approved" };
const STEPS: Record<string, (at: number, count: number) => number> = {
  ArrowLeft: (at, count) => (at - 1 + count) % count,
  ArrowRight: (at, count) => (at + 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

type Props = {
  statuses: readonly Status[];
  shown: Status;
  counts: Counts | undefined;
  onShow: (status: Status) => void;
};

export function StatusTabs({ statuses, shown, counts, onShow }: Props) {
  function move(event: KeyboardEvent) {
    const next = STEPS[event.key]?.(statuses.indexOf(shown), statuses.length);
    const status = next === undefined ? undefined : statuses[next];
    if (!status) return;
    event.preventDefault();
    onShow(status);
    document.getElementById(tabOf(status))?.focus();
  }
  return (
    <div role="tablist" aria-label="Comments" className={styles.tabs} onKeyDown={move}>
      {statuses.map((status) => (
        <button
          key={status}
          type="button"
          role="tab"
          id={tabOf(status)}
          className={styles.tab}
          aria-selected={status === shown}
          aria-controls={PANEL}
          tabIndex={status === shown ? 0 : -1}
          onClick={() => onShow(status)}
        >
          {NAMES[status]} <span className={styles.count}>{counts?.[status]}</span>
        </button>
      ))}
    </div>
  );
}
