import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { plural } from "../../../lib/text.ts";
import { Failure, Stale } from "../../../lib/ui/Failure.tsx";
import type { Filter } from "../api/events.ts";
import { keyOf } from "../live/listing.ts";
import { zone } from "../say.ts";
import styles from "./EventList.module.css";
import { EventRow } from "./EventRow.tsx";
import { useAttention } from "./useAttention.ts";
import { useEvents } from "./useEvents.ts";
import { useHeld } from "./useHeld.ts";
import { useNextPage } from "./useNextPage.ts";
import { useRowHeight } from "./useRowHeight.ts";
import { useStates } from "./useStates.ts";

type Props = { filter: Filter; openedId: string | undefined };

/** Newest first, and only as many rows as fit; it holds still while somebody is pointing at it or reading on. */
export function EventList({ filter, openedId }: Props) {
  const scroll = useRef<HTMLElement>(null);
  const { isAttended, attention } = useAttention();
  const [isScrolled, setScrolled] = useState(false);
  const { events, isLoaded, isFull, error, refetch, ...pages } = useEvents(filter);
  const { shown, waiting } = useHeld(events, isAttended || isScrolled);
  const height = useRowHeight();
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    getItemKey: (index) => (shown[index] ? keyOf(shown[index]) : index),
    overscan: 6,
  });
  useEffect(() => {
    if (height) virtualizer.measure();
  }, [height, virtualizer]);
  const rows = virtualizer.getVirtualItems();
  const [first, last] = [rows[0]?.index ?? 0, rows.at(-1)?.index ?? 0];
  const deliveriesOf = useStates(shown, first, last, filter);

  const isAtEnd = isLoaded && !isFull && last >= shown.length - 1;
  useNextPage(isAtEnd, pages);

  if (!isLoaded && error) {
    return <Failure title="The events cannot be shown" error={error} onRetry={refetch} />;
  }
  return (
    <div className={styles.list}>
      <section
        ref={scroll}
        className={styles.scroll}
        aria-label="Events, newest first"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        {...attention}
        onScroll={({ currentTarget }) => setScrolled(currentTarget.scrollTop > 0)}
        onKeyDown={moveFocus}
      >
        <ol className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
          {rows.map(({ index, key, start, size }) => {
            const event = shown[index];
            return (
              event && (
                <li
                  key={key}
                  className={styles.row}
                  style={{ height: size, translate: `0 ${start}px` }}
                  aria-setsize={shown.length}
                  aria-posinset={index + 1}
                >
                  <EventRow event={event} deliveries={deliveriesOf(event)} isOpened={event.id === openedId} />
                </li>
              )
            );
          })}
        </ol>
        {isLoaded && shown.length === 0 && <Nothing isFiltered={Object.keys(filter).length > 0} />}
      </section>
      <p className={styles.foot}>
        <span>
          {isLoaded && plural(shown.length, "event")}
          {isLoaded && (isFull ? "; reload for older ones" : whatIsOlder(pages.hasNextPage))}; times in{" "}
          {zone()}
        </span>
        {waiting > 0 && (
          <button type="button" className="quiet small" onClick={() => scroll.current?.scrollTo(0, 0)}>
            {plural(waiting, "newer event")}
          </button>
        )}
      </p>
      {isLoaded && <Stale error={error} />}
    </div>
  );
}

function whatIsOlder(hasMore: boolean) {
  return hasMore ? "; scroll for older ones" : "; no older ones";
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  return (
    <p className={styles.nothing}>
      {isFiltered ? "No event matches." : "There are no events yet. Write a post to see one."}
    </p>
  );
}

/** Up and down, from event to event. */
function moveFocus(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const links = [...event.currentTarget.querySelectorAll("a")];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  const next = at < 0 ? links[0] : links[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
