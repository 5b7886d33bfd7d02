import { useEffect } from "react";
import { isolated, plural } from "../../lib/text.ts";
import styles from "./Banner.module.css";
import { StateMark } from "./events/EventState.tsx";
import { goTo } from "./FlowTo.tsx";
import { totalOf } from "./letters/useGroups.ts";
import { useFlow } from "./live/useFlow.ts";

export const TITLE = "Flow · Blogbus";

/** What waits for a person is said at the top of the page, in the tab's title, and by the tab's icon. */
export function Trouble() {
  const total = useFlow(({ subscriptions }) => totalOf(subscriptions, "deadLetters"));
  const where = useFlow(({ subscriptions }) =>
    subscriptions
      ?.filter(({ deadLetters }) => deadLetters > 0)
      .map(({ name, deadLetters }) => `${deadLetters.toLocaleString("en")} of ${isolated(name)}`)
      .join(", "),
  );
  const hasTrouble = total > 0;
  useEffect(() => (hasTrouble ? inTheIcon() : undefined), [hasTrouble]);
  return (
    <div>
      <title>{hasTrouble ? `(${total.toLocaleString("en")}) ${TITLE}` : TITLE}</title>
      <p role="status" className="unseen">
        {hasTrouble && "There are dead letters."}
      </p>
      {hasTrouble && (
        <p className={styles.trouble}>
          <span>
            <StateMark state="dead" />
            <strong>{plural(total, "dead letter")}</strong>: {where}. {total === 1 ? "It waits" : "They wait"}{" "}
            for a person.
          </span>
          <button type="button" className="small" onClick={() => goTo("dead-letters")}>
            Show {total === 1 ? "it" : "them"}
          </button>
        </p>
      )}
    </div>
  );
}

function inTheIcon() {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (!icon) return;
  icon.href = "/favicon-trouble.svg";
  return () => {
    icon.href = "/favicon.svg";
  };
}
