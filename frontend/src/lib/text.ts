/** What a person who looks at a text sees of it: the services' own rule (`svc_chassis/web/text.py`), held by the same cases. */

// Spaces, controls, marks without a letter below them, default ignorables, and what is drawn as nothing else.
const NOTHING = /[\p{Z}\p{Cc}\p{M}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffc\u{1d159}]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they end a line
const LINE_BREAK = /[\n-\r\x1c-\x1e\x85\u2028\u2029]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the services trim them, too
const EDGES = /^[\s\x1c-\x1f\x85]+|[\s\x1c-\x1f\x85]+$/g;

export function shows(text: string): boolean {
  return text.replace(NOTHING, "") !== "";
}

export function isOneLine(text: string): boolean {
  return !LINE_BREAK.test(text.replace(EDGES, ""));
}
