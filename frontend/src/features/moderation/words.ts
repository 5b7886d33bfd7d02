import { Problem } from "../../lib/problem.ts";
import type { Judged, Status } from "./types.ts";

/** What became of a comment, and by whom if that is known. */
export function says({ status, moderator }: Pick<Judged, "status" | "moderator">): string {
  if (status === "pending") return "Waits for a decision";
  const verdict = status === "approved" ? "Approved" : "Rejected";
  if (!moderator) return verdict;
  return `${verdict} by ${moderator === "rules" ? "the rules" : "a moderator"}`;
}

/** Why a decision failed. Only a refusal is certain: without an answer it may have been stored all the same. */
export function explains(error: Error): string {
  const wasRefused = error instanceof Problem && error.status >= 400 && error.status < 500;
  return wasRefused
    ? `This was not decided. ${error.message}`
    : `${error.message} Perhaps this was not decided: decide again.`;
}

export const EMPTY: Record<Status, { title: string; text: string }> = {
  pending: {
    title: "Nothing waits for you",
    text: "A comment that the rules hold, such as one with a link in it, shows up here by itself.",
  },
  rejected: {
    title: "Nothing has been rejected",
    text: "What the rules or a moderator reject stays here, and can be approved after all.",
  },
  approved: {
    title: "Nothing has been approved yet",
    text: "What the rules or a moderator approve stays here, and can be rejected after all.",
  },
};
