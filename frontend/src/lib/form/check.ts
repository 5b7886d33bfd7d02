export type Rules<Name extends string> = Record<Name, { limit: number; missing?: string }>;

/** The services' own rules, said before the way there and back. */
export function check<Name extends string>(rules: Rules<Name>, values: Record<Name, string>) {
  const errors: Record<string, string> = {};
  for (const name of Object.keys(rules) as Name[]) {
    const { limit, missing } = rules[name];
    const over = lengthOf(values[name]) - limit;
    if (missing && values[name].trim() === "") errors[name] = missing;
    else if (over > 0) errors[name] = `That is ${over} ${over === 1 ? "character" : "characters"} too many.`;
  }
  return errors;
}

/** Code points, as the services count. */
export function lengthOf(text: string) {
  return [...text].length;
}
