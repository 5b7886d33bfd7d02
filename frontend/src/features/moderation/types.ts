import type { components } from "../../lib/api/moderation.d.ts";

type Schemas = components["schemas"];

export type Judged = Schemas["JudgedCommentOut"];
export type Status = Judged["status"];
export type Counts = Schemas["CountsOut"];
/** What a person can say; a comment is not held again. */
export type Decision = { status: Exclude<Status, "pending">; reason: string | null };
/** With the version of the verdict that the person saw. */
export type Sent = Decision & { version: number };
export type Outcome = Schemas["OutcomeOut"];
export type Rule = Schemas["RuleOut"];
export type RuleKind = Rule["kind"];
export type Rules = Schemas["RulesOut"];
export type Preview = Schemas["PreviewOut"];
