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

// Letters that are written from right to left, and the characters that change the direction.
const TURNS =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A text for places that have no markup, such as a title: it does not change the direction of the words around it. */
export function isolated(text: string): string {
  return TURNS.test(text) ? `\u2068${text}${closing(text)}\u2069` : text;
}

/** The ends of embeddings and isolates that `text` leaves open: otherwise it would end the isolate around it. */
function closing(text: string): string {
  const open: string[] = [];
  for (const each of text) {
    if (/[\u202a\u202b\u202d\u202e]/.test(each)) open.push("\u202c");
    if (/[\u2066-\u2068]/.test(each)) open.push("\u2069");
    if (/[\u202c\u2069]/.test(each) && open.at(-1) === each) open.pop();
  }
  return open.reverse().join("");
}

/** A count with its noun. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
