import { type ReactNode, useState } from "react";
import { plural } from "../../../lib/text.ts";
import { FlowTo } from "../FlowTo.tsx";
import { keyOf } from "../live/listing.ts";
import { exactTimeOf } from "../moments.ts";
import type { Path } from "../types.ts";
import { type Axis, axisOf } from "./axis.ts";
import { Bars, Key, Scale } from "./Bars.tsx";
import styles from "./Waterfall.module.css";
import { delivering, storing, type Track } from "./waterfall.ts";

/** Events of a long chain that are drawn at first, and the opened one. */
const SHOWN = 20;

/** The whole chain on one time axis: of each event and each of its deliveries, how long it waited and was worked on. */
export function Waterfall({ path: { event, chain, chainLeftOut, now } }: { path: Path }) {
  const [areAllShown, showAll] = useState(false);
  const opened = keyOf(event);
  const shown = areAllShown ? chain : chain.filter((each, index) => index < SHOWN || keyOf(each) === opened);
  const rows = shown.map((each) => ({
    event: each,
    key: keyOf(each),
    stored: storing(each),
    deliveries: each.deliveries.map((delivery) => ({
      subscription: delivery.subscription,
      track: delivering(delivery, each, exactTimeOf(now)),
    })),
  }));
  const tracks = rows.flatMap(({ stored, deliveries }) => [stored, ...deliveries.map(({ track }) => track)]);
  const bars = tracks.flatMap((track) => track.bars);
  const axis = axisOf(bars);
  return (
    <>
      <Key bars={bars} isFolded={axis.folds.length > 0} />
      <div className={styles.waterfall}>
        <Scale axis={axis} />
        <ol className={styles.events}>
          {rows.map(({ event: { id, type }, key, stored, deliveries }) => (
            <li key={key} aria-current={key === opened ? "step" : undefined}>
              <Line track={stored} axis={axis}>
                {key === opened ? <bdi>{type}</bdi> : <FlowTo change={{ event: id }}>{type}</FlowTo>}
              </Line>
              <ul>
                {deliveries.map(({ subscription, track }) => (
                  <li key={subscription}>
                    <Line track={track} axis={axis}>
                      <FlowTo change={{ subscription }}>{subscription}</FlowTo>
                    </Line>
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ol>
      </div>
      {chain.length > SHOWN && (
        <button type="button" className="quiet small" onClick={() => showAll(!areAllShown)}>
          {areAllShown ? `Show the first ${SHOWN}` : `Show all ${chain.length} events`}
        </button>
      )}
      {chainLeftOut > 0 && (
        <p className={styles.note}>
          {plural(chainLeftOut, "more event")} of this chain {chainLeftOut === 1 ? "is" : "are"} not shown.
        </p>
      )}
    </>
  );
}

/** In words, and drawn. */
function Line({ track, axis, children }: { track: Track; axis: Axis; children: ReactNode }) {
  return (
    <>
      <p className={styles.head}>
        <span>
          {children}
          <span className="unseen">: </span>
        </span>
        <span>{track.words}</span>
      </p>
      <Bars track={track} axis={axis} />
    </>
  );
}
