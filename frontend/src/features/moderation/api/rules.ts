import { bodyOf, moderationService } from "../../../lib/api/client.ts";
import type { Preview, Rule, RuleKind, Rules } from "../types.ts";

export const RULES_KEY = ["moderation", "rules"];

type NewRule = { kind: RuleKind; text: string };

export async function listRules(signal: AbortSignal): Promise<Rules> {
  return bodyOf(await moderationService.GET("/moderation/rules", { signal }));
}

export async function addRule(body: NewRule): Promise<Rule> {
  return bodyOf(await moderationService.POST("/moderation/rules", { body }));
}

export async function removeRule(id: string): Promise<void> {
  await moderationService.DELETE("/moderation/rules/{rule_id}", { params: { path: { rule_id: id } } });
}

/** What the rule would have changed. */
export async function previewRule(query: NewRule, signal: AbortSignal): Promise<Preview> {
  return bodyOf(await moderationService.GET("/moderation/rules/preview", { params: { query }, signal }));
}
