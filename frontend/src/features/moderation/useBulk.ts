import { useMutation, useQueryClient } from "@tanstack/react-query";
import { refresh } from "../../lib/live/refresh.ts";
import { decideAll } from "./api/decide.ts";
import type { Decision, Judged, Outcome } from "./types.ts";

type Heard = (outcomes: Outcome[], decision: Decision) => void;

/** One decision on several comments, each by the version that the person saw. */
export function useBulk(onAnswered: Heard) {
  const client = useQueryClient();
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: ({ comments, decision }: { comments: Judged[]; decision: Decision }) =>
      decideAll(comments.map(({ id, version }) => ({ id, version, ...decision }))),
    onSuccess: (outcomes, { decision }) => {
      onAnswered(outcomes, decision);
      refresh(client, ["moderation"]);
    },
  });
  return {
    isSaving: isPending,
    failure: error,
    /** Not while it is on its way: it would be sent twice. */
    forget: () => {
      if (!isPending) reset();
    },
    decideAll: (comments: Judged[], decision: Decision) => {
      if (!isPending && comments.length > 0) mutate({ comments, decision });
    },
  };
}
