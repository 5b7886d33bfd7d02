import { useState } from "react";
import styles from "./DeadLetters.module.css";

type Props = { label: string; what: string; question: string; yes: string; onYes: () => void };

/** A button for what cannot be taken back: it asks, and the safe answer has the focus. */
export function AskFirst({ label, what, question, yes, onYes }: Props) {
  const [stage, setStage] = useState<"new" | "asking" | "answered">("new");
  if (stage !== "asking") {
    return (
      <button
        type="button"
        className="quiet small"
        // biome-ignore lint/a11y/noAutofocus: it comes back in the place of the answer that had the focus
        autoFocus={stage === "answered"}
        onClick={() => setStage("asking")}
      >
        {label} <span className="unseen">{what}</span>
      </button>
    );
  }
  return (
    <span className={styles.question}>
      {question}
      {/* biome-ignore lint/a11y/noAutofocus: the question took the place of the button that had the focus */}
      <button type="button" className="quiet small" autoFocus onClick={() => setStage("answered")}>
        Keep
      </button>
      <button
        type="button"
        className="small"
        onClick={() => {
          setStage("answered");
          onYes();
        }}
      >
        {yes}
      </button>
    </span>
  );
}
