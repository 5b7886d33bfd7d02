import { useEffect } from "react";
import { isolated } from "../../lib/text.ts";
import { StateMark } from "./events/EventState.tsx";
import { goTo } from "./FlowTo.tsx";
import { countOf } from "./letters/useGroups.ts";
import { useFlow } from "./live/useFlow.ts";
import { plural } from "./say.ts";
import styles from "./Trouble.module.css";

const TITLE = "Flow · Blogbus";

/** What waits for a person is said at the top of the page, in the tab's title, and by the tab's icon. */
export function Trouble() {
  const total = useFlow(({ subscriptions }) => countOf(subscriptions, "deadLetters"));
  const where = useFlow(({ subscriptions }) =>
    subscriptions
      ?.filter(({ deadLetters }) => deadLetters > 0)
      .map(({ name, deadLetters }) => `${deadLetters.toLocaleString("en")} of ${isolated(name)}`)
      .join(", "),
  );
  useEffect(() => inTheTab(total), [total]);
  return (
    <div role="status">
      {total > 0 && (
        <p className={styles.banner}>
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

function inTheTab(count: number) {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  document.title = count > 0 ? `(${count.toLocaleString("en")}) ${TITLE}` : TITLE;
  if (icon && count > 0) icon.href = "/favicon-trouble.svg";
  return () => {
    document.title = TITLE;
    if (icon) icon.href = "/favicon.svg";
  };
}
