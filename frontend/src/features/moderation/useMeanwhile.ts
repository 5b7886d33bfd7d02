import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useEffectEvent } from "react";
import { isNotFound } from "../../lib/problem.ts";
import { readComment } from "./api/readComment.ts";
import type { Judged } from "./types.ts";
import { useSeen } from "./useSeen.ts";

/**
 * What became of a comment that left its queue: `onMeanwhile` hears the verdict. Until then, words for it. Many can leave
 * at once, so it is asked only once the row is in sight.
 */
export function useMeanwhile(
  comment: Judged,
  hasLeft: boolean,
  row: RefObject<HTMLElement | null>,
  onMeanwhile: (verdict: Judged) => void,
): string | undefined {
  const isInSight = useSeen(row, hasLeft);
  const { data, error } = useQuery({
    queryKey: ["moderation", "comment", comment.id],
    queryFn: ({ signal }) => readComment(comment.id, signal),
    enabled: hasLeft && isInSight,
  });
  const hear = useEffectEvent(onMeanwhile);
  useEffect(() => {
    // One that was read at an earlier time may be older than what the row shows.
    if (hasLeft && data && data.content === comment.content && data.version >= comment.version) hear(data);
  }, [data, hasLeft, comment.content, comment.version]);
  if (!hasLeft) return;
  if (isNotFound(error)) return "Somebody else has removed this";
  // It is where it was, but no longer among what is selected.
  if (data && data.status === comment.status) return;
  return "Somebody else has decided this";
}
