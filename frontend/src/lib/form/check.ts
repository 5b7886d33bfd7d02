import { isOneLine, shows } from "../text.ts";

export type Rules<Name extends string> = Record<
  Name,
  { limit: number; missing?: string; hasLines?: boolean }
>;

/** The services' own rules, said before the way there and back. */
export function check<Name extends string>(rules: Rules<Name>, values: Record<Name, string>) {
  const errors: Record<string, string> = {};
  for (const name of Object.keys(rules) as Name[]) {
    const { limit, missing, hasLines = false } = rules[name];
    const over = lengthOf(values[name]) - limit;
    if (missing && !shows(values[name])) errors[name] = missing;
    else if (!hasLines && !isOneLine(values[name])) errors[name] = "Write this on one line.";
    else if (over > 0) errors[name] = `That is ${over} ${over === 1 ? "character" : "characters"} too many.`;
  }
  return errors;
}

/** Code points, as the services count. */
export function lengthOf(text: string) {
  return [...text].length;
}
