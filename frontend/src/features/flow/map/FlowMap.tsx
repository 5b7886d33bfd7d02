import { memo, useMemo } from "react";
import { into, outTo } from "../live/travels.ts";
import type { Contract } from "../types.ts";
import { Bus } from "./Bus.tsx";
import styles from "./FlowMap.module.css";
import { layOut } from "./geometry.ts";
import { Line, Traffic } from "./Line.tsx";
import { Publisher } from "./Publisher.tsx";
import { Subscriber } from "./Subscriber.tsx";
import { type Row, typesOf } from "./topology.ts";
import { useStops } from "./useStops.ts";

type Props = { rows: Row[]; contracts: Contract[] };

/** The services as stations and their subscriptions as lines; all it can do stands in the table below it, too. */
export const FlowMap = memo(function FlowMap({ rows, contracts }: Props) {
  const { sheet, stops } = useStops(rows);
  const { bus, edges } = useMemo(() => draw(rows, layOut(stops)), [rows, stops]);
  const isMeasured = stops.rows.length === rows.length;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.map} aria-label="Map of services" tabIndex={0}>
      <div ref={sheet} className={styles.sheet}>
        {isMeasured && (
          <svg className={styles.lines} aria-hidden="true">
            {edges.map((edge) => (
              <Line key={edge.id} {...edge} />
            ))}
          </svg>
        )}
        {rows.map(({ publisher, subscriber }, row) => (
          // A row may hold others than before: then it is the same place.
          // biome-ignore lint/suspicious/noArrayIndexKey: rows are places
          <div key={row} className={styles.row}>
            {publisher && <Publisher row={row} name={publisher} types={typesOf(publisher, contracts)} />}
            {subscriber && <Subscriber row={row} name={subscriber} />}
          </div>
        ))}
        {isMeasured && <Bus {...bus} />}
        {isMeasured && edges.map((edge) => <Traffic key={edge.id} {...edge} />)}
      </div>
    </section>
  );
});

function draw(rows: Row[], layout: ReturnType<typeof layOut>) {
  const edges = rows.flatMap(({ publisher, subscriber }, row) => [
    ...(publisher
      ? [{ id: into(publisher), subscription: "", ...layout.lineIn(row), label: layout.labelIn(row) }]
      : []),
    ...(subscriber
      ? [
          {
            id: outTo(subscriber),
            subscription: subscriber,
            ...layout.lineOut(row),
            label: layout.labelOut(row),
          },
        ]
      : []),
  ]);
  return { bus: layout.bus, edges };
}
