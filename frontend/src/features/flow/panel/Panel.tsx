import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { FlowTo } from "../FlowTo.tsx";
import { CLOSED, changed, useView } from "../view.ts";
import styles from "./Panel.module.css";

type Props = { name: string; kind: string; children: ReactNode };

/** One thing, opened beside the rest: the keyboard goes into it, and Escape back to where it came from. */
export function Panel({ name, kind, children }: Props) {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const heading = useFocusOnOpen();
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === "Escape") navigate(changed(search, CLOSED));
  };
  return (
    <aside className={styles.panel} aria-labelledby="opened" onKeyDown={closeOnEscape}>
      <header className={styles.header}>
        <p className={styles.kind}>{kind}</p>
        <FlowTo change={CLOSED} className={styles.close}>
          Close
        </FlowTo>
        <h2 id="opened" ref={heading} tabIndex={-1} className={styles.name} dir="auto">
          {name}
        </h2>
      </header>
      {children}
    </aside>
  );
}

export function PanelSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h3 className={styles.title}>{title}</h3>
      {children}
    </section>
  );
}

/** What is opened next in the same panel may have the same name, so the address tells. */
function useFocusOnOpen() {
  const { opened } = useView();
  const address = opened && `${opened.kind} ${opened.id}`;
  const heading = useRef<HTMLHeadingElement>(null);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    opener.current ??= document.activeElement;
    return () => {
      // The focus went with the panel, unless a person has already taken it elsewhere.
      if (document.activeElement === document.body) wayBack(opener.current)?.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    if (address) heading.current?.focus({ preventScroll: true });
  }, [address]);
  return heading;
}

/** The opener may be gone: the list of events draws only the rows that fit. Then it is the list itself. */
function wayBack(opener: Element | null) {
  if (opener instanceof HTMLElement && opener.isConnected) return opener;
  return document.querySelector<HTMLElement>('section[aria-label^="Events"]');
}
