import { useState } from "react";
import styles from "./Failure.module.css";
import { Isolated } from "./Isolated.tsx";
import { BrokenLine } from "./Line.tsx";

type Props = {
  title: string;
  error: Error;
  /** Until this is through, the button says so. */
  onRetry: () => unknown;
  /** What will happen without the reader's doing. */
  hope?: string;
};

const KEEPS_TRYING = "This page keeps trying.";

/** In the place of what could not be loaded. */
export function Failure({ title, error, onRetry, hope = KEEPS_TRYING }: Props) {
  const [isTrying, setTrying] = useState(false);

  async function retry() {
    setTrying(true);
    await onRetry();
    setTrying(false);
  }

  return (
    <div className={styles.failure} role="alert">
      <BrokenLine />
      <p className={styles.title}>{title}</p>
      <p>
        <Isolated text={error.message} /> {hope}
      </p>
      <button type="button" className="quiet" aria-disabled={isTrying} onClick={() => isTrying || retry()}>
        {isTrying ? "Trying…" : "Try again now"}
      </button>
    </div>
  );
}

/** Above content that is still there but no longer fresh. */
export function Stale({ error }: { error: Error | null }) {
  return (
    <div role="status">
      {error && (
        <p className={styles.stale}>
          <Isolated text={error.message} /> This page may be out of date.
        </p>
      )}
    </div>
  );
}
