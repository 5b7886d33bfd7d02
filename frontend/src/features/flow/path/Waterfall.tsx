import { useState } from "react";
import { FlowTo } from "../FlowTo.tsx";
import { keyOf } from "../live/listing.ts";
import { exactTimeOf } from "../moments.ts";
import { sayMilliseconds } from "../say.ts";
import type { ChainEvent, Path } from "../types.ts";
import { type Axis, axisOf, type Fold } from "./axis.ts";
import styles from "./Waterfall.module.css";
import { type Bar, delivering, type Kind, storing, type Track } from "./waterfall.ts";

/** Events of a long chain that are drawn at first. */
const SHOWN = 20;
const KEY: [Kind, string][] = [
  ["outbox", "to the bus"],
  ["waiting", "waiting"],
  ["between", "between attempts"],
  ["worked", "working"],
  ["failed", "failed"],
  ["dead", "dead letter"],
];

/** The whole chain on one time axis: of each event and each of its deliveries, how long it waited and was worked on. */
export function Waterfall({ path: { event, chain, chainLeftOut, now } }: { path: Path }) {
  const [areAllShown, showAll] = useState(false);
  const shown = areAllShown
    ? chain
    : chain.filter((each, index) => index < SHOWN || keyOf(each) === keyOf(event));
  const rows = shown.map((each) => ({
    event: each,
    stored: storing(each),
    deliveries: each.deliveries.map((delivery) => ({
      subscription: delivery.subscription,
      track: delivering(delivery, each, exactTimeOf(now)),
    })),
  }));
  const bars = rows
    .flatMap(({ stored, deliveries }) => [stored, ...deliveries.map(({ track }) => track)])
    .flatMap(({ bars }) => bars);
  const axis = axisOf(bars);
  return (
    <>
      <Key bars={bars} isFolded={axis.folds.length > 0} />
      <div className={styles.waterfall}>
        <Scale axis={axis} />
        <ol className={styles.events}>
          {rows.map(({ event: each, stored, deliveries }) => (
            <li key={keyOf(each)} aria-current={keyOf(each) === keyOf(event) ? "step" : undefined}>
              <p className={styles.head}>
                <EventName event={each} isOpened={keyOf(each) === keyOf(event)} />
                <span>{stored.words}</span>
              </p>
              <Bars track={stored} axis={axis} />
              <ul>
                {deliveries.map(({ subscription, track }) => (
                  <li key={subscription}>
                    <p className={styles.head}>
                      <span>
                        <FlowTo change={{ subscription }}>{subscription}</FlowTo>
                        <span className="unseen">: </span>
                      </span>
                      <span>{track.words}</span>
                    </p>
                    <Bars track={track} axis={axis} />
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ol>
      </div>
      {shown.length < chain.length && (
        <button type="button" className="quiet small" onClick={() => showAll(true)}>
          Show all {chain.length} events
        </button>
      )}
      {chainLeftOut > 0 && (
        <p className={styles.note}>{chainLeftOut} more events of this chain are not shown.</p>
      )}
    </>
  );
}

function EventName({ event, isOpened }: { event: ChainEvent; isOpened: boolean }) {
  if (isOpened) return <strong dir="auto">{event.type}</strong>;
  return <FlowTo change={{ event: event.id }}>{event.type}</FlowTo>;
}

/** What the marks mean, of those that there are. */
function Key({ bars, isFolded }: { bars: Bar[]; isFolded: boolean }) {
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

function Scale({ axis: { lasts, folds } }: { axis: Axis }) {
  return (
    <p className={styles.scale}>
      <span aria-hidden="true">0</span>
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
function Bars({ track: { bars }, axis }: { track: Track; axis: Axis }) {
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
