import type { Entry } from "../../lib/audit/Trail.tsx";
import { Problem } from "../../lib/problem.ts";
import { isolated, plural } from "../../lib/text.ts";
import type { Asked } from "./asked.ts";
import type { Decision, Judged, Outcome } from "./types.ts";

/** Names that are none of a person's. */
const DECIDERS: Record<string, string> = { rules: "the rules", moderator: "a moderator" };

export const RULE_NAMES = { link: "Links", "banned word": "Banned words" } as const;

/** What became of a comment, and by whom if that is known. */
export function says({ status, moderator }: Pick<Judged, "status" | "moderator">): string {
  if (status === "pending") return "Held";
  const verdict = status === "approved" ? "Approved" : "Rejected";
  if (!moderator) return verdict;
  return `${verdict} by ${DECIDERS[moderator] ?? isolated(moderator)}`;
}

/** What became of one comment, for who does not see it. */
export function saysOf(comment: Judged): string {
  return `${isolated(comment.author || "Anonymous")}’s comment: ${says(comment)}.`;
}

/** What came of decisions on several comments. */
export function saysOfAll(outcomes: Outcome[], status: Decision["status"]): string {
  const of = (outcome: Outcome["outcome"]) => outcomes.filter((each) => each.outcome === outcome).length;
  const [decided, meanwhile, unknown] = [of("decided"), of("meanwhile"), of("unknown")];
  return [
    decided && `${plural(decided, "comment")} ${status}.`,
    meanwhile && `${plural(meanwhile, "comment")} changed meanwhile: look again.`,
    unknown && `${plural(unknown, "comment")} removed meanwhile.`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** What a moderator did, after the name. */
export function saysDone({ action, target, detail }: Entry): string {
  if (action.endsWith(" rule")) {
    const done = action === "add rule" ? "added" : "removed";
    return `${done} the ${detail.kind} “${detail.text}”`;
  }
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

type Words = { title: string; text: string };

const EMPTY: Record<Asked["status"], Words> = {
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
  all: { title: "No comments yet", text: "Every comment appears here, whatever became of it." },
};

/** What stands in the place of comments where there are none. */
export function emptyWords({ status, q, author, post, rule }: Asked): Words {
  if (!q && !author && !post && !rule) return EMPTY[status];
  return { title: "No such comments", text: "None here match the search and the filters." };
}
