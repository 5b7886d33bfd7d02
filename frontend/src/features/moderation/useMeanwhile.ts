import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { isNotFound } from "../../lib/problem.ts";
import { readComment } from "./api/readComment.ts";
import type { Judged } from "./types.ts";

/** What became of a comment that left its queue: `onMeanwhile` hears the verdict. Until then, words for it. */
export function useMeanwhile(
  comment: Judged,
  hasLeft: boolean,
  onMeanwhile: (verdict: Judged) => void,
): string | undefined {
  const { data, error } = useQuery({
    queryKey: ["moderation", "comment", comment.id],
    queryFn: ({ signal }) => readComment(comment.id, signal),
    enabled: hasLeft,
  });
  const hear = useEffectEvent(onMeanwhile);
  useEffect(() => {
    if (hasLeft && data && data.content === comment.content) hear(data);
  }, [data, hasLeft, comment.content]);
  if (!hasLeft) return;
  if (isNotFound(error)) return "Somebody else has removed this";
  // It is where it was, but no longer among what is selected.
  if (data && data.status === comment.status) return;
  return "Somebody else has decided this";
}
