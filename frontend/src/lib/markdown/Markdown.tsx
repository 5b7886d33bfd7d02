import { Prose } from "../ui/Prose.tsx";
import type { Props } from "./Blocks.tsx";
import { useMarkdown } from "./loading.ts";

/** What somebody wrote, in a small subset of Markdown. */
export function Markdown(text: Props) {
  const { Blocks } = useMarkdown();
  return Blocks ? <Blocks {...text} /> : <Prose text={text.text} />;
}

/** For below a field. */
export const MARKDOWN_HINT = "**bold**, *italic*, `code`, >\u00a0quote, -\u00a0list and links work.";
