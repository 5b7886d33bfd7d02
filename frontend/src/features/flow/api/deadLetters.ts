import { bodyOf, busService } from "../../../lib/api/client.ts";
import type { DeadLetter } from "../types.ts";

export type Verdict = "retry" | "discard";

export async function listDeadLetters(signal: AbortSignal) {
  return bodyOf(await busService.GET("/bus/dead-letters", { signal }));
}

/** One, or all that there are. */
export async function decide(verdict: Verdict, letter: DeadLetter | "all") {
  if (letter === "all") {
    await busService.POST("/bus/dead-letters/{action}", { params: { path: { action: verdict } }, body: {} });
  } else {
    const path = { letter_id: String(letter.id), action: verdict };
    await busService.POST("/bus/dead-letters/{letter_id}/{action}", { params: { path } });
  }
}
