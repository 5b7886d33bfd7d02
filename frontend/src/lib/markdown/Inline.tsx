import type { Token, Tokens } from "marked";
import { Fragment, type ReactNode } from "react";
import { safeLink } from "./safeLink.ts";

const DEEPEST = 8;

/** What stands in a line. A token that is not known shows as it was typed. */
export function inline(tokens: Token[], depth = 0): ReactNode {
  return tokens.map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a written text's parts never move
    <Fragment key={index}>{depth < DEEPEST ? part(token, depth + 1) : token.raw}</Fragment>
  ));
}

function part(token: Token, depth: number): ReactNode {
  switch (token.type) {
    case "text":
      return token.tokens ? inline(token.tokens, depth) : token.text;
    case "escape":
      return token.text;
    case "strong":
      return <strong>{inline((token as Tokens.Strong).tokens, depth)}</strong>;
    case "em":
      return <em>{inline((token as Tokens.Em).tokens, depth)}</em>;
    case "codespan":
      return (
        <code dir="ltr">
          <bdi>{token.text}</bdi>
        </code>
      );
    case "br":
      return <br />;
    case "link":
      return link(token as Tokens.Link, inline((token as Tokens.Link).tokens, depth));
    // No picture: whoever wrote it would learn who reads it.
    case "image":
      return link(token as Tokens.Image, token.text || token.href);
    default:
      return token.raw;
  }
}

function link({ href, raw }: { href: string; raw: string }, text: ReactNode): ReactNode {
  const address = safeLink(href);
  if (!address) return raw;
  return (
    <a href={address} rel="nofollow noopener noreferrer ugc">
      {text}
    </a>
  );
}
