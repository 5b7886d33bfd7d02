import { useQueryClient } from "@tanstack/react-query";
import { decide, type Verdict } from "../api/deadLetters.ts";
import type { DeadLetter } from "../types.ts";
import { useAct } from "../useAct.ts";
import { AskFirst } from "./AskFirst.tsx";
import styles from "./DeadLetters.module.css";
import { KEY } from "./useLetters.ts";

type Props = { of: DeadLetter | "all"; count: number };

/** Try it once more, or give it up: one letter, or all there are, also those that are not shown. */
export function Decision({ of, count }: Props) {
  const retry = useDecision("retry", of);
  const discard = useDecision("discard", of);
  const many = count.toLocaleString("en");
  const [which, what] =
    of !== "all"
      ? ["", `${of.event.type} for ${of.subscription}`]
      : count === 1
        ? ["all", "all of them"]
        : [`all ${many}`, "dead letters"];
  const [it, them] = count === 1 ? ["it", "it"] : [`all ${many}`, "them"];
  return (
    <div className={styles.decision}>
      <button type="button" className="quiet small" aria-disabled={retry.isBusy} onClick={retry.act}>
        Retry {which} <span className="unseen">{what}</span>
      </button>
      <AskFirst
        label={`Discard ${which}`}
        what={what}
        question={`Discard ${it}? No replay delivers ${them} again.`}
        yes="Discard"
        onYes={discard.act}
      />
    </div>
  );
}

function useDecision(verdict: Verdict, of: DeadLetter | "all") {
  const client = useQueryClient();
  return useAct(async () => {
    await decide(verdict, of);
    await client.invalidateQueries({ queryKey: KEY });
  });
}
