import { useQueryClient } from "@tanstack/react-query";
import { useContext } from "react";
import type { Target, Verdict } from "../api/deadLetters.ts";
import { FlowContext } from "../live/useFlow.ts";
import { useAct } from "../useAct.ts";
import { AskFirst } from "./AskFirst.tsx";
import styles from "./DeadLetters.module.css";
import { carryOut } from "./outcome.ts";
import { KEY } from "./useGroups.ts";

type Props = { of: Target; count: number };

/** Try it once more, or give it up: one letter, those with one cause, or all there are. */
export function Decision({ of, count }: Props) {
  const retry = useDecision("retry", of);
  const discard = useDecision("discard", of);
  const many = `all ${count.toLocaleString("en")}`;
  const isOne = of !== "all" && "letter" in of;
  const [which, it, them] = isOne ? ["", "it", "it"] : [many, many, "them"];
  const what = nameOf(of);
  return (
    <div className={styles.decision}>
      <button type="button" className="quiet small" aria-disabled={retry.isBusy} onClick={retry.act}>
        {retry.isBusy ? "Retrying" : "Retry"} {which} <span className="unseen">{what}</span>
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

function nameOf(target: Target): string {
  if (target === "all") return "dead letters";
  if ("letter" in target) return `${target.letter.event.type} for ${target.letter.subscription}`;
  return `dead letters of ${target.group.subscription} with this cause`;
}

function useDecision(verdict: Verdict, of: Target) {
  const client = useQueryClient();
  const flow = useContext(FlowContext);
  return useAct(async () => {
    try {
      flow.say(await carryOut(verdict, of));
    } finally {
      await client.invalidateQueries({ queryKey: KEY });
    }
  });
}
