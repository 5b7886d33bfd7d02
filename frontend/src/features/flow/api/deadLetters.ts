import { bodyOf, busService } from "../../../lib/api/client.ts";
import { nextOf } from "../../../lib/api/paging.ts";
import type { DeadLetter, DeadLetterGroup } from "../types.ts";

export type Verdict = "retry" | "discard";
/** Of one subscription, with the same cause, which the bus calls their `error`. */
export type GroupKey = Pick<DeadLetterGroup, "subscription" | "error">;
/** One dead letter, those of a group, or all that there are, also those that are not shown. */
export type Target = { letter: DeadLetter } | { group: DeadLetterGroup } | "all";

/** So many of one group the bus answers at once. */
export const PAGE = 50;

/** The largest first, without the first `skip`; and how many the next page skips, if there is one. */
export async function listGroups(skip: number, signal: AbortSignal) {
  const query = skip > 0 ? { skip } : {};
  const answer = await busService.GET("/bus/dead-letters/groups", { params: { query }, signal });
  const next = nextOf(answer.response, "skip");
  return { groups: bodyOf(answer), next: next === undefined ? undefined : Number(next) };
}

/** The oldest first, after the id `after`. */
export async function listDeadLetters({ subscription, error }: GroupKey, after: number, signal: AbortSignal) {
  const query = { subscription, error, limit: PAGE, ...(after > 0 && { after }) };
  return bodyOf(await busService.GET("/bus/dead-letters", { params: { query }, signal }));
}

/** How many dead letters it is about. */
export async function decide(verdict: Verdict, target: Target): Promise<number> {
  const path = { action: verdict };
  if (target === "all") {
    const { count } = bodyOf(
      await busService.POST("/bus/dead-letters/{action}", { params: { path }, body: {} }),
    );
    return count;
  }
  if ("letter" in target) {
    const letter = { ...path, letter_id: String(target.letter.id) };
    await busService.POST("/bus/dead-letters/{letter_id}/{action}", { params: { path: letter } });
    return 1;
  }
  const { subscription, error } = target.group;
  const { count } = bodyOf(
    await busService.POST("/bus/dead-letters/groups/{action}", {
      params: { path },
      body: { subscription, error },
    }),
  );
  return count;
}
