import { memo } from "react";
import { FlowTo } from "../FlowTo.tsx";
import { into } from "../live/travels.ts";
import styles from "./Station.module.css";

type Props = { row: number; name: string; types: string[] };

/** Where events come from; its name narrows the list below to them, each of its types leads to its contract. */
export const Publisher = memo(function Publisher({ row, name, types }: Props) {
  return (
    <div className={`${styles.station} ${styles.publisher}`} data-node={into(name)}>
      <p className={styles.name}>
        <FlowTo change={{ service: name }} leadsTo="events">
          {name}
        </FlowTo>
        <span className={styles.stop} data-stop={`in ${row}`} />
      </p>
      <ul className={styles.types}>
        {types.map((type) => (
          <li key={type}>
            <FlowTo change={{ contract: type }}>{type}</FlowTo>
          </li>
        ))}
      </ul>
    </div>
  );
});
