import type { Entry } from "../../lib/audit/Trail.tsx";
import { Problem } from "../../lib/problem.ts";
import { isolated } from "../../lib/text.ts";
import type { Judged, Status } from "./types.ts";

/** Names that are none of a person's. */
const DECIDERS: Record<string, string> = { rules: "the rules", moderator: "a moderator" };

/** What became of a comment, and by whom if that is known. */
export function says({ status, moderator }: Pick<Judged, "status" | "moderator">): string {
  if (status === "pending") return "Waiting for a decision";
  const verdict = status === "approved" ? "Approved" : "Rejected";
  if (!moderator) return verdict;
  return `${verdict} by ${DECIDERS[moderator] ?? isolated(moderator)}`;
}

/** What a moderator did, after the name. */
export function saysDone({ action, target, detail }: Entry): string {
  if (action.startsWith("remove ")) return `removed ${action.slice("remove ".length)} ${target.slice(0, 8)}`;
  const because = detail.reason ? ` for readers: “${detail.reason}”` : "";
  return `${detail.status} comment ${target.slice(0, 8)}${because}`;
}

/** Why a decision failed. Only a refusal is certain: without an answer it may have been stored all the same. */
export function explains(error: Error): string {
  const wasRefused = error instanceof Problem && error.status >= 400 && error.status < 500;
  return wasRefused
    ? `This was not saved. ${error.message}`
    : `${error.message} Perhaps this was not saved: try again.`;
}

export const EMPTY: Record<Status, { title: string; text: string }> = {
  pending: {
    title: "No comments to decide",
    text: "Comments that the rules hold, for example because of a link, appear here.",
  },
  rejected: {
    title: "No rejected comments",
    text: "Comments that the rules or a moderator reject appear here. You can still approve them.",
  },
  approved: {
    title: "No approved comments yet",
    text: "Comments that the rules or a moderator approve appear here. You can still reject them.",
  },
};
