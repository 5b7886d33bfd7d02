import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useContext, useId, useState } from "react";
import { plural } from "../../../lib/text.ts";
import { previewReplay, replaySubscription } from "../api/subscriptions.ts";
import { KEY as DEAD_LETTERS } from "../letters/useGroups.ts";
import { FlowContext } from "../live/useFlow.ts";
import { localOf, rfc3339 } from "../moments.ts";
import { useAct } from "../useAct.ts";
import styles from "./Replay.module.css";

const BEGINNING = "beginning";

/** Sends a subscription again what it had already, after saying how much that is. */
export function Replay({ name, hasInbox }: { name: string; hasInbox: boolean }) {
  const flow = useContext(FlowContext);
  const client = useQueryClient();
  const [since, setSince] = useState<string | null>(null);
  const ids = useId();
  const from = since === null ? BEGINNING : rfc3339(since);
  const preview = useQuery({
    queryKey: ["replay", name, from],
    queryFn: ({ signal }) => previewReplay(name, from as string, signal),
    enabled: from !== undefined,
    gcTime: 0,
  });
  const count = preview.data?.events;
  const { act, isBusy } = useAct(async () => {
    await replaySubscription(name, from as string);
    // What had become of the events is so no longer: the list is asked for anew.
    flow.take("reset", {});
    client.invalidateQueries({ queryKey: DEAD_LETTERS });
    flow.say(`Delivering ${plural(count ?? 0, "event")} to ${name} again.`);
  });
  return (
    <form
      className={styles.replay}
      aria-label={`Replay ${name}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (count) act();
      }}
    >
      <p>
        Delivers events to {name} again.{" "}
        {hasInbox
          ? "Its inbox skips events that it has applied, so nothing is applied twice."
          : "It was not made with Blogbus: unless it remembers the ids of events, it applies them twice."}
      </p>
      <fieldset className={styles.from}>
        <legend className="unseen">From where</legend>
        <label>
          <input type="radio" name={ids} checked={since === null} onChange={() => setSince(null)} /> From the
          beginning
        </label>
        <label>
          <input type="radio" name={ids} checked={since !== null} onChange={() => setSince(anHourAgo())} />{" "}
          Since
        </label>
        {since !== null && (
          <input
            type="datetime-local"
            aria-label="Since when"
            step="1"
            value={since}
            onChange={({ target }) => setSince(target.value)}
          />
        )}
      </fieldset>
      <p role="status" className={styles.preview}>
        {preview.error ? preview.error.message : count === 0 ? "There are no events to deliver." : ""}
      </p>
      <button type="submit" aria-disabled={isBusy || !count}>
        {count ? `Send ${plural(count, "event")} again` : "Send again"}
      </button>
    </form>
  );
}

function anHourAgo(): string {
  return localOf(new Date(Date.now() - 3_600_000).toISOString());
}
