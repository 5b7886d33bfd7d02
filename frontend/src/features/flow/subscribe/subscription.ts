import { Problem } from "../../../lib/problem.ts";
import { type SubscriptionOptions, subscribe } from "../api/subscriptions.ts";

/** What the form holds, each as text; `types` are the chosen ones of those with a contract. */
export type Draft = Record<"name" | "url" | "types" | "others" | "format" | "catchUp", string>;

const NAME = /^[a-z][a-z0-9_-]{0,63}$/;

export const RULES = {
  name: { limit: 64, missing: "Give the subscription a name." },
  url: { limit: 2_000, missing: "Say where the service takes events." },
  types: { limit: Number.POSITIVE_INFINITY },
  others: { limit: 2_000 },
  format: { limit: 6 },
  catchUp: { limit: 4 },
};

/** The names in a list that is separated by commas or blanks. */
export function namesIn(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** Resolves with the saved subscription. Throws a Problem whose fields are the form's. */
export async function save({
  name,
  url,
  types,
  others,
  format,
  catchUp,
}: Draft): Promise<[string, SubscriptionOptions]> {
  const options: SubscriptionOptions = {
    url: url.trim(),
    types: [...new Set([...namesIn(types), ...namesIn(others)])],
    batchSize: 500,
    format: format === "batch" ? "batch" : "single",
    catchUp: catchUp === "self" ? "self" : "bus",
  };
  const wrong: Record<string, string> = {};
  if (!NAME.test(name.trim())) wrong.name = "Begin with a lower-case letter; then letters, digits, - or _.";
  if (options.types.length === 0) wrong.types = "Choose at least one event.";
  if (Object.keys(wrong).length > 0) throw new Problem("Some fields are wrong.", 0, wrong);
  try {
    await subscribe(name.trim(), options);
  } catch (error) {
    throw error instanceof Problem ? inTheForm(error) : error;
  }
  return [name.trim(), options];
}

/** The bus names a type by its place in the list: `types.2`. */
function inTheForm({ message, status, fields }: Problem): Problem {
  const named = Object.entries(fields).map(([field, detail]) => [
    field.startsWith("types") ? "types" : field,
    detail,
  ]);
  return new Problem(message, status, Object.fromEntries(named));
}
