import type { components } from "../../lib/api/moderation.d.ts";

export type Judged = components["schemas"]["JudgedCommentOut"];
export type Status = Judged["status"];
export type Counts = components["schemas"]["CountsOut"];
/** What a person can say; a comment is not held again. */
export type Decision = { status: Exclude<Status, "pending">; reason: string | null };
/** With the version of the verdict that the person saw. */
export type Sent = Decision & { version: number };
