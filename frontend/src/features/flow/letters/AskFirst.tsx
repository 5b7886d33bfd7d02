import { useState } from "react";
import styles from "./DeadLetters.module.css";

type Props = { label: string; what: string; question: string; onYes: () => void };

/** A button for what cannot be taken back: it asks, and the safe answer has the focus. */
export function AskFirst({ label, what, question, onYes }: Props) {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <button type="button" className="quiet small" onClick={() => setAsking(true)}>
        {label} <span className="unseen">{what}</span>
      </button>
    );
  }
  return (
    <span className={styles.question}>
      {question}
      {/* biome-ignore lint/a11y/noAutofocus: the question took the place of the button that had the focus */}
      <button type="button" className="quiet small" autoFocus onClick={() => setAsking(false)}>
        Keep
      </button>
      <button
        type="button"
        className="small"
        onClick={() => {
          setAsking(false);
          onYes();
        }}
      >
        Discard
      </button>
    </span>
  );
}
