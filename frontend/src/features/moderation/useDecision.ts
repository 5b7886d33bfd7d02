import { useMutation, useQueryClient } from "@tanstack/react-query";
import { decide } from "./api/decide.ts";
import type { Decision, Judged } from "./types.ts";

/** One comment's decision: shown at once, taken back if it fails, and one at a time. */
export function useDecision(comment: Judged, onDecided: (decided: Judged) => void) {
  const client = useQueryClient();
  const { mutate, isPending, variables, error } = useMutation({
    mutationFn: (decision: Decision) => decide(comment.id, decision),
    onSuccess: (decided) => {
      onDecided(decided);
      client.invalidateQueries({ queryKey: ["moderation"] });
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
