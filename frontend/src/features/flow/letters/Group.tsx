import { type RefObject, useId, useRef, useState } from "react";
import { plural } from "../../../lib/text.ts";
import { Failure, Stale } from "../../../lib/ui/Failure.tsx";
import { Isolated } from "../../../lib/ui/Isolated.tsx";
import { More } from "../../../lib/ui/More.tsx";
import { Time } from "../../../lib/ui/Time.tsx";
import { useWayOut } from "../../../lib/useWayOut.ts";
import { StateMark } from "../events/EventState.tsx";
import { FlowTo } from "../FlowTo.tsx";
import type { DeadLetterGroup } from "../types.ts";
import styles from "./DeadLetters.module.css";
import { Decision } from "./Decision.tsx";
import { Letter } from "./Letter.tsx";
import { useKeptFocus } from "./useKeptFocus.ts";
import { useLetters } from "./useLetters.ts";

type Props = { group: DeadLetterGroup; heading: RefObject<HTMLElement | null>; startsOpen: boolean };

/** The dead letters with one cause: decided about together, or one by one. */
export function Group({ group, heading, startsOpen }: Props) {
  const { subscription, error, sample = error, count, type, since, latest } = group;
  const [isOpen, setOpen] = useState(startsOpen);
  const part = useRef<HTMLElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const id = useId();
  const { letters, problem, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useLetters(
    group,
    isOpen,
  );
  const remember = useKeptFocus(list, heading, letters);
  useWayOut(part, () => heading.current);
  return (
    <section ref={part} className={styles.group} aria-labelledby={id}>
      <header className={styles.header}>
        <h3 id={id} className={styles.what}>
          <StateMark state="dead" />
          {count.toLocaleString("en")} <Isolated text={type} instead={count === 1 ? "event" : "events"} /> for{" "}
          <FlowTo change={{ subscription }}>
            <Isolated text={subscription} />
          </FlowTo>
        </h3>
        {count > 1 && <Decision of={{ group }} count={count} />}
      </header>
      <p className={styles.error} dir="auto">
        {count > 1 ? error : sample}
      </p>
      {count > 1 && sample !== error && (
        <p className={styles.more}>
          for example <Isolated text={sample} />
        </p>
      )}
      <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className={styles.summary}>
          {plural(count, "event")}, first <Time iso={since} />
          {count > 1 && (
            <>
              , last <Time iso={latest} />
            </>
          )}
        </summary>
        {!letters && problem && (
          <Failure title="These dead letters cannot be shown" error={problem} onRetry={refetch} />
        )}
        {letters && <Stale error={problem} />}
        <ol ref={list} className={styles.list} onFocus={remember} onBlur={remember}>
          {letters?.map((letter) => (
            <Letter
              key={letter.id}
              letter={letter}
              saysError={letter.error !== sample}
              saysPlace={count === 1 || !error.endsWith(` at ${letter.at}`)}
            >
              <Decision of={{ letter }} count={1} />
            </Letter>
          ))}
        </ol>
        {hasNextPage && (letters?.length ?? 0) < count && (
          <More
            label={`Show more of ${count.toLocaleString("en")}`}
            busy="Loading more…"
            isLoading={isFetchingNextPage}
            onMore={fetchNextPage}
          />
        )}
      </details>
    </section>
  );
}
