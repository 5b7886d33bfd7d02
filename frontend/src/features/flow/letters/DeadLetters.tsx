import { useRef } from "react";
import { plural } from "../../../lib/text.ts";
import { Failure, Stale } from "../../../lib/ui/Failure.tsx";
import { More } from "../../../lib/ui/More.tsx";
import { useWayOut } from "../../../lib/useWayOut.ts";
import styles from "./DeadLetters.module.css";
import { Decision } from "./Decision.tsx";
import { Group } from "./Group.tsx";
import { keyOf, useGroups } from "./useGroups.ts";

/** What could not be applied and waits for a person, by cause; nothing at all while there is none. */
export function DeadLetters() {
  const groups = useGroups();
  return groups.total + groups.retrying > 0 && <Letters {...groups} />;
}

function Letters({
  groups,
  total,
  deciding,
  retrying,
  error,
  isFrozen,
  ...query
}: ReturnType<typeof useGroups>) {
  const heading = useRef<HTMLHeadingElement>(null);
  const section = useRef<HTMLElement>(null);
  useWayOut(section, () => document.getElementById("events"));
  const beingRetried = `${plural(retrying, "dead letter")} being retried`;
  const isMissing = !groups && total > 0;
  const shown = groups ?? [];
  const unlisted = total - shown.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <Stale error={isMissing ? null : error} />
      <section ref={section} className={styles.letters} aria-labelledby="dead-letters">
        <header className={styles.header}>
          <h2 id="dead-letters" ref={heading} tabIndex={-1} className={styles.title}>
            {total > 0 ? plural(total, "dead letter") : beingRetried}
          </h2>
          {shown.length > 1 && <Decision of="all" count={total} />}
        </header>
        {total > 0 && (
          <p className={styles.more}>
            Their subscriptions could not apply these events. Correct the cause, and retry them. An event
            cannot be edited here: its publisher alone may publish it, and publishes corrections as new
            events.
          </p>
        )}
        <p className={styles.more} role="status">
          {deciding > 0
            ? `${plural(deciding, "dead letter")} still to be retried or discarded`
            : total > 0 && retrying > 0 && beingRetried}
        </p>
        {isMissing && error && (
          <Failure
            title="The dead letters cannot be shown"
            error={error}
            onRetry={query.refetch}
            {...(isFrozen && { hope: "" })}
          />
        )}
        {shown.map((group, index) => (
          <Group key={keyOf(group)} group={group} heading={heading} startsOpen={index === 0} />
        ))}
        {query.hasNextPage && (
          <More
            label="Show more causes"
            busy="Loading more…"
            isLoading={query.isFetchingNextPage}
            onMore={query.fetchNextPage}
          />
        )}
        {shown.length > 0 && unlisted > 0 && (
          <p className={styles.more}>and {unlisted.toLocaleString("en")} more</p>
        )}
      </section>
    </>
  );
}
