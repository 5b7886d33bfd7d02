import type { Token, Tokens } from "marked";
import { useMemo } from "react";
import { Prose } from "../ui/Prose.tsx";
import styles from "./Blocks.module.css";
import { inline } from "./Inline.tsx";
import { parse } from "./parse.ts";

const DEEPEST = 8;

export type Props = {
  text: string;
  /** The level of its highest headings; without it they are no part of the page's outline. */
  headings?: number;
};

/** A text as React elements: nothing in it is ever taken as HTML. */
export function Blocks({ text, headings }: Props) {
  const tokens = useMemo(() => parse(text), [text]);
  if (!tokens) return <Prose text={text} />;
  return <div className={styles.blocks}>{blocks(tokens, headings)}</div>;
}

function blocks(tokens: Token[], headings: number | undefined, depth = 0) {
  const levels = levelsOf(tokens, headings);
  return tokens.map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a written text's blocks never move
    <Block key={index} token={token} level={levels[index]} depth={depth} />
  ));
}

type BlockProps = { token: Token; level: number | undefined; depth: number };

function Block({ token, level, depth }: BlockProps) {
  if (token.type === "space") return null;
  if (depth > DEEPEST) return <p dir="auto">{token.raw}</p>;
  switch (token.type) {
    case "heading":
      return <Heading level={level}>{inline((token as Tokens.Heading).tokens)}</Heading>;
    case "code":
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, also by keyboard
        <pre dir="ltr" tabIndex={0}>
          <code>{token.text}</code>
        </pre>
      );
    case "blockquote":
      return <blockquote>{blocks((token as Tokens.Blockquote).tokens, undefined, depth + 1)}</blockquote>;
    case "list":
      return <List list={token as Tokens.List} depth={depth + 1} />;
    case "hr":
      return <hr />;
    case "paragraph":
    case "text":
      return <p dir="auto">{token.tokens ? inline(token.tokens) : token.raw}</p>;
    default:
      return token.raw.trim() === "" ? null : <p dir="auto">{token.raw}</p>;
  }
}

function Heading({ level, children }: { level: number | undefined; children: React.ReactNode }) {
  const Tag = level ? (`h${level}` as "h2") : "p";
  return (
    <Tag className={styles.heading} dir="auto">
      {children}
    </Tag>
  );
}

function List({ list, depth }: { list: Tokens.List; depth: number }) {
  const items = list.items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a written text's items never move
    <li key={index}>{blocks(item.tokens, undefined, depth)}</li>
  ));
  return list.ordered ? <ol start={Number(list.start)}>{items}</ol> : <ul>{items}</ul>;
}

/** No level is left out on the way down, whatever the writer did. */
function levelsOf(tokens: Token[], highest: number | undefined): (number | undefined)[] {
  let last = highest && highest - 1;
  return tokens.map((token) => {
    if (token.type !== "heading" || !highest || last === undefined) return undefined;
    last = Math.min(highest + token.depth - 1, last + 1, 6);
    return last;
  });
}
