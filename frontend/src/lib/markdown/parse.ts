import { Lexer, type Token, Tokenizer } from "marked";

/** What people do not mean when they write a comment: it stays the text that it is. */
class Subset extends Tokenizer {
  override html() {
    return undefined;
  }
  override tag() {
    return undefined;
  }
  override def() {
    return undefined;
  }
  override reflink() {
    return undefined;
  }
  override table() {
    return undefined;
  }
  override lheading() {
    return undefined;
  }
  override del() {
    return undefined;
  }
}

/** Our services take texts of 20,000 characters, which may be twice as many here. */
export const LONGEST = 40_000;

/** Deeper than a person quotes or lists; each level costs the parser a pass. */
const TOO_DEEP = /^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]))){20}/m;

/** The blocks of a text in the subset of Markdown that this page shows. Null: it is better shown as it is. */
export function parse(text: string): Token[] | null {
  if (text.length > LONGEST || TOO_DEEP.test(text)) return null;
  try {
    return new Lexer({ gfm: true, breaks: true, tokenizer: new Subset() }).lex(text);
  } catch (error) {
    // The parser recurses: what is made to nest without an end overflows the stack.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
