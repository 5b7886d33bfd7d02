import { useContext } from "react";
import styles from "./FlowPage.module.css";
import { FlowContext, useFlow } from "./live/useFlow.ts";

const SAY = {
  opening: "Connecting…",
  live: "Live",
  polling: "Polling every second",
  lost: "The bus does not answer",
};

const dayTime = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** Whether what is shown is of now, and the switch that makes it stand still. */
export function Standing() {
  const flow = useContext(FlowContext);
  const state = useFlow(({ link }) => link.state);
  const isFrozen = useFlow((picture) => picture.isFrozen);
  const hasPicture = useFlow(({ subscriptions }) => subscriptions !== undefined);
  return (
    <div className={styles.standing}>
      <p role="status" className={styles.link} data-state={isFrozen ? "frozen" : state}>
        {isFrozen ? "Frozen" : SAY[state]}
      </p>
      {hasPicture && (
        <button
          type="button"
          className="quiet small"
          aria-pressed={isFrozen}
          onClick={() => flow.freeze(!isFrozen)}
        >
          {isFrozen ? "Continue" : "Freeze"}
        </button>
      )}
    </div>
  );
}

/** While the bus is away: since when the picture is an old one. */
export function Away() {
  const { state, why, since } = useFlow((picture) => picture.link);
  const hasPicture = useFlow(({ subscriptions }) => subscriptions !== undefined);
  if (state !== "lost") return null;
  return (
    <p role="alert" className={styles.away}>
      {why} {hasPicture && `This is the state at ${dayTime.format(since)}.`} The page continues by itself.
    </p>
  );
}

/** What came of something that an operator did. */
export function Notice() {
  const notice = useFlow((picture) => picture.notice);
  return (
    <div role="status">
      {notice && (
        <p key={notice.key} className={styles.notice}>
          {notice.text}
        </p>
      )}
    </div>
  );
}
