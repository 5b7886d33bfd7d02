import { Failure } from "../../../lib/ui/Failure.tsx";
import { Skeleton } from "../../../lib/ui/Skeleton.tsx";
import { wholeTime } from "../say.ts";
import type { Minute } from "../types.ts";
import styles from "./Hour.module.css";
import { Sparkline } from "./Sparkline.tsx";
import { type Series, sayHour, seriesOf } from "./series.ts";
import { useHour } from "./useHour.ts";

/** How a service did in the last hour: as lines, in words, and as a table for who wants each minute. */
export function Hour({ name, isSubscribed }: { name: string; isSubscribed: boolean }) {
  const { minutes, areLoaded, error, refetch } = useHour(name);
  if (!areLoaded && error)
    return <Failure title="The last hour cannot be shown" error={error} onRetry={refetch} />;
  if (!areLoaded) return <Skeleton widths={[60, 40, 50]} />;
  if (minutes.length === 0) return <p>The bus has sampled no minute yet.</p>;
  const all = seriesOf(minutes, isSubscribed);
  return (
    <>
      <dl className={styles.hour}>
        {all.map((series) => (
          <div key={series.label}>
            <dt>{series.label}</dt>
            <dd>
              <Sparkline minutes={minutes} series={series} />
              <span aria-hidden="true">{sayHour(minutes, series)}</span>
            </dd>
          </div>
        ))}
      </dl>
      <details>
        <summary>As a table</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section className={styles.scroll} aria-label={`Last hour of ${name}`} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Minute</th>
                {all.map(({ label }) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {minutes.toReversed().map((minute) => (
                <Row key={minute.time} minute={minute} all={all} />
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </>
  );
}

function Row({ minute, all }: { minute: Minute; all: Series[] }) {
  return (
    <tr>
      <th scope="row">
        <time dateTime={minute.time}>{wholeTime(minute.time).replace(/:00\.000/, "")}</time>
      </th>
      {all.map(({ label, of, say }) => {
        const value = of(minute);
        return <td key={label}>{value === null ? "–" : say(value)}</td>;
      })}
    </tr>
  );
}
