import { sayMilliseconds } from "../say.ts";
import type { Axis, Fold } from "./axis.ts";
import styles from "./Waterfall.module.css";
import type { Bar, Kind, Track } from "./waterfall.ts";

const KEY: [Kind, string][] = [
  ["outbox", "to the bus"],
  ["waiting", "waiting"],
  ["between", "between attempts"],
  ["worked", "working"],
  ["failed", "failed"],
  ["dead", "dead letter"],
];

/** What the marks mean, of those that there are. */
export function Key({ bars, isFolded }: { bars: Bar[]; isFolded: boolean }) {
  const kinds = new Set<Kind>(bars.map(({ kind }) => (kind === "parked" ? "between" : kind)));
  return (
    <ul className={styles.key} aria-hidden="true">
      {KEY.filter(([kind]) => kinds.has(kind)).map(([kind, words]) => (
        <li key={kind}>
          <span className={styles.sample}>
            <span className={styles.bar} data-kind={kind} />
          </span>
          {words}
        </li>
      ))}
      {isFolded && (
        <li>
          <span className={styles.sample}>
            <span className={styles.fold} />
          </span>
          shortened
        </li>
      )}
    </ul>
  );
}

export function Scale({ axis: { lasts, folds } }: { axis: Axis }) {
  return (
    <p className={styles.scale}>
      <span aria-hidden="true">{folds[0]?.left !== 0 && "0"}</span>
      {folds.filter(isApart).map((fold) => (
        <span
          key={fold.left}
          className={styles.folded}
          style={{ insetInlineStart: `${fold.left}%`, width: `${fold.width}%` }}
          aria-hidden="true"
        >
          {sayMilliseconds(fold.lasts)}
        </span>
      ))}
      <span>
        <span className="unseen">In all </span>
        {sayMilliseconds(lasts)}
      </span>
    </p>
  );
}

/** At the end of the scale stands how long it is in all. */
function isApart({ left, width }: Fold) {
  return left + width < 99;
}

/** Waiting is a line, work is a block: no colour is needed to tell them apart. */
export function Bars({ track: { bars }, axis }: { track: Track; axis: Axis }) {
  return (
    <div className={styles.track} aria-hidden="true">
      {bars.map(({ kind, from, to }) => {
        const left = axis.at(from);
        const place = { insetInlineStart: `min(${left}%, 100% - 3px)`, width: `${axis.at(to) - left}%` };
        return <span key={`${kind} ${from}`} className={styles.bar} data-kind={kind} style={place} />;
      })}
      {axis.folds.map(({ left, width }) => (
        <span
          key={left}
          className={styles.fold}
          style={{ insetInlineStart: `${left}%`, width: `${width}%` }}
        />
      ))}
    </div>
  );
}
