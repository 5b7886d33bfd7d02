import { useQuery, useQueryClient } from "@tanstack/react-query";
import { decide, listDeadLetters, type Verdict } from "../api/deadLetters.ts";
import { useFlow } from "../live/useFlow.ts";
import { plural } from "../say.ts";
import type { DeadLetter, Subscription } from "../types.ts";
import { useAct } from "../useAct.ts";
import { AskFirst } from "./AskFirst.tsx";
import styles from "./DeadLetters.module.css";
import { Letter } from "./Letter.tsx";

const KEY = "bus-dead-letters";
const EVERY_MS = 2_000;
const NONE: DeadLetter[] = [];

/** What could not be applied and waits for a person; nothing at all while there is none. */
export function DeadLetters() {
  const counted = useFlow(({ subscriptions }) => countOf(subscriptions));
  const isFrozen = useFlow((picture) => picture.isFrozen);
  const { data: letters = NONE } = useQuery({
    queryKey: [KEY, counted],
    queryFn: ({ signal }) => listDeadLetters(signal),
    enabled: counted > 0,
    placeholderData: (before) => before,
    refetchInterval: !isFrozen && EVERY_MS,
  });
  if (counted === 0 || letters.length === 0) return null;
  return (
    <section className={styles.letters} aria-labelledby="dead-letters">
      <header className={styles.header}>
        <h2 id="dead-letters" className={styles.title}>
          {plural(letters.length, "dead letter")}
        </h2>
        <Decision of="all" count={letters.length} />
      </header>
      <ol className={styles.list}>
        {letters.map((letter) => (
          <Letter key={letter.id} letter={letter}>
            <Decision of={letter} count={1} />
          </Letter>
        ))}
      </ol>
    </section>
  );
}

function Decision({ of, count }: { of: DeadLetter | "all"; count: number }) {
  const retry = useDecision("retry", of);
  const discard = useDecision("discard", of);
  const which = of === "all" ? "all" : "";
  const what = of === "all" ? "all of them" : `${of.event.type} for ${of.subscription}`;
  return (
    <div className={styles.decision}>
      <button type="button" className="quiet small" aria-disabled={retry.isBusy} onClick={retry.act}>
        Retry {which} <span className="unseen">{what}</span>
      </button>
      <AskFirst
        label={`Discard ${which}`}
        what={what}
        question={`Give ${count === 1 ? "it" : `all ${count}`} up for good? No replay brings ${count === 1 ? "it" : "them"} back.`}
        onYes={discard.act}
      />
    </div>
  );
}

function useDecision(verdict: Verdict, of: DeadLetter | "all") {
  const client = useQueryClient();
  return useAct(async () => {
    await decide(verdict, of);
    await client.invalidateQueries({ queryKey: [KEY] });
  });
}

function countOf(subscriptions: Subscription[] | undefined) {
  return subscriptions?.reduce((sum, { deadLetters }) => sum + deadLetters, 0) ?? 0;
}
