import { isolated } from "../text.ts";

type Props = {
  /** Nothing: the blog itself. */
  title?: string;
  description?: string;
  /** The page's own path, without what only this visit asks of it. */
  path?: string;
};

const LONGEST = 160;
const BLOG = "An event-driven blog: five services that talk only through events.";

/** What search engines, bookmarks and links elsewhere show of a page. React puts it into the document's head. */
export function PageHead({ title, description = BLOG, path }: Props) {
  return (
    <>
      <title>{title ? `${isolated(title)} · Blogbus` : "Blogbus"}</title>
      <meta name="description" content={shortened(description) || BLOG} />
      {path && <link rel="canonical" href={window.location.origin + path} />}
    </>
  );
}

/** The first words, on one line. */
function shortened(text: string) {
  const line = text.trim().replace(/\s+/gu, " ");
  const characters = [...line];
  if (characters.length <= LONGEST) return line;
  return `${characters
    .slice(0, LONGEST)
    .join("")
    .replace(/\s\S*$/u, "")}…`;
}
