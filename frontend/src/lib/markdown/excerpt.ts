const ENOUGH = 1_000;

/** The beginning of a text without its Markdown marks, on one line: a list of posts has no room for more. */
export function excerpt(text: string): string {
  return text
    .slice(0, ENOUGH)
    .replace(/^ {0,3}(?:```|~~~).*$/gm, "")
    .replace(/^[ \t]*(?:(?:#{1,6}|[-+*]|>)[ \t]+)+/gm, "")
    .replace(/!?\[([^\][]{0,300})\]\([^()\s]{0,500}\)/g, "$1")
    .replace(/(\*\*|__|`)(?=\S)([^\n]{1,300}?)(?<=\S)\1/g, "$2")
    .replace(/(?<![\w*])([*_])(?=\S)([^\n*_]{1,300})(?<=\S)\1(?![\w*])/g, "$2")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1");
}
