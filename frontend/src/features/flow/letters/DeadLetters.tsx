import { useRef } from "react";
import { Failure, Stale } from "../../../lib/ui/Failure.tsx";
import { plural } from "../say.ts";
import styles from "./DeadLetters.module.css";
import { Decision } from "./Decision.tsx";
import { Letter } from "./Letter.tsx";
import { useKeptFocus } from "./useKeptFocus.ts";
import { MOST, useLetters } from "./useLetters.ts";

/** What could not be applied and waits for a person; nothing at all while there is none. */
export function DeadLetters() {
  const { letters, total, deciding, error, refetch, isFrozen } = useLetters();
  const list = useRef<HTMLOListElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const remember = useKeptFocus(list, heading, letters);
  if (total === 0) return null;
  if (!letters) {
    const hope = isFrozen ? { hope: "" } : {};
    return (
      error && <Failure title="The dead letters cannot be shown" error={error} onRetry={refetch} {...hope} />
    );
  }
  const shown = letters.slice(0, MOST);
  return (
    <>
      <Stale error={error} />
      <section className={styles.letters} aria-labelledby="dead-letters">
        <header className={styles.header}>
          <h2 id="dead-letters" ref={heading} tabIndex={-1} className={styles.title}>
            {plural(total, "dead letter")}
          </h2>
          <Decision of="all" count={total} />
        </header>
        {deciding > 0 && (
          <p className={styles.more} role="status">
            {plural(deciding, "dead letter")} still to be retried or discarded
          </p>
        )}
        <ol ref={list} className={styles.list} onFocus={remember} onBlur={remember}>
          {shown.map((letter) => (
            <Letter key={letter.id} letter={letter}>
              <Decision of={letter} count={1} />
            </Letter>
          ))}
        </ol>
        {total > shown.length && (
          <p className={styles.more}>and {(total - shown.length).toLocaleString("en")} more</p>
        )}
      </section>
    </>
  );
}
