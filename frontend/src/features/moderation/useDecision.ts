import { useMutation, useQueryClient } from "@tanstack/react-query";
import { refresh } from "../../lib/live/refresh.ts";
import { Problem } from "../../lib/problem.ts";
import { decide } from "./api/decide.ts";
import type { Decision, Judged } from "./types.ts";

type Heard = {
  onDecided: (decided: Judged) => void;
  /** Somebody else has decided since: this is their verdict. */
  onMeanwhile: (verdict: Judged) => void;
};

/** One comment's decision: shown at once, taken back if it fails, and one at a time. */
export function useDecision(comment: Judged, { onDecided, onMeanwhile }: Heard) {
  const client = useQueryClient();
  const { mutate, isPending, variables, error } = useMutation({
    mutationFn: (decision: Decision) => decide(comment.id, { ...decision, version: comment.version }),
    onSuccess: (decided) => {
      onDecided(decided);
      refresh(client, ["moderation"]);
    },
    onError: (error) => {
      if (error instanceof Problem && error.status === 409) onMeanwhile(error.body.verdict as Judged);
    },
  });
  return {
    isSaving: isPending,
    failure: error,
    intended: isPending ? variables : undefined,
    decide: (decision: Decision) => {
      if (!isPending) mutate(decision);
    },
  };
}
