import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { FlowTo } from "../FlowTo.tsx";
import { changed } from "../view.ts";
import styles from "./Panel.module.css";

const CLOSED = { event: null, contract: null, subscription: null };

type Props = { name: string; kind: string; children: ReactNode };

/** One thing, opened beside the rest: the keyboard goes into it, and Escape back to where it came from. */
export function Panel({ name, kind, children }: Props) {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const heading = useFocusOnOpen(name);
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
        <h2 id="opened" ref={heading} tabIndex={-1} className={styles.name}>
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

function useFocusOnOpen(name: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    opener.current ??= document.activeElement;
    return () => {
      // The focus went with the panel, unless a person has already taken it elsewhere.
      const isNowhere = document.activeElement === document.body;
      if (isNowhere && opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    if (name) heading.current?.focus({ preventScroll: true });
  }, [name]);
  return heading;
}
