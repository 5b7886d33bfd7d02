import { useState } from "react";
import styles from "./Code.module.css";

const SAID_MS = 2_000;

/** Text to be read or copied as it is. */
export function Code({ label, text }: { label: string; text: string }) {
  const [said, setSaid] = useState("Copy");
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      setSaid("Not allowed here");
    }
    setTimeout(() => setSaid("Copy"), SAID_MS);
  }
  return (
    <div className={styles.code}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.text} tabIndex={0} aria-label={label}>
        <pre dir="auto">{text}</pre>
      </section>
      <button type="button" className={`quiet small ${styles.copy}`} onClick={copy}>
        {said}
        <span className="unseen"> {label}</span>
      </button>
    </div>
  );
}
