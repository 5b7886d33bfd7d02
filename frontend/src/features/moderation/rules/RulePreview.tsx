import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { plural } from "../../../lib/text.ts";
import { Author, Isolated } from "../../../lib/ui/Isolated.tsx";
import { previewRule } from "../api/rules.ts";
import type { Preview, RuleKind } from "../types.ts";
import styles from "./Rules.module.css";

/** After the last letter. */
const TYPING_MS = 400;
const SHOWN = 140;
const DOES = { "banned word": "have rejected", "allowed site": "not have held" };

/** What a rule would have changed among the last comments; nothing is asked for an empty text. */
export function RulePreview({ kind, text }: { kind: RuleKind; text: string }) {
  const typed = useSettled(text);
  const { data, error } = useQuery({
    queryKey: ["moderation", "preview", kind, typed],
    queryFn: ({ signal }) => previewRule({ kind, text: typed }, signal),
    enabled: typed !== "",
  });
  const isCurrent = typed !== "" && typed === text;
  const found = isCurrent ? data : undefined;
  return (
    <div className={styles.preview}>
      <p role="status">
        {isCurrent && error && <Isolated text={error.message.replace(/^text: /, "")} />}
        {found && saysPreview(kind, found)}
      </p>
      {found && found.examples.length > 0 && (
        <details>
          <summary>Examples</summary>
          <ul>
            {found.examples.map(({ id, author, content }) => (
              <li key={id}>
                <b>
                  <Author name={author} />
                </b>{" "}
                <Isolated text={content.length > SHOWN ? `${content.slice(0, SHOWN)}…` : content} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function saysPreview(kind: RuleKind, { examined, caught }: Preview): string {
  if (examined === 0) return "There is no comment yet to try it on.";
  const last = examined === 1 ? "the last comment" : `the last ${plural(examined, "comment")}`;
  if (caught === 0) return `It would have made no difference to ${last}.`;
  return `It would ${DOES[kind]} ${examined === 1 ? last : `${caught} of ${last}`}.`;
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const wait = setTimeout(() => setSettled(text), TYPING_MS);
    return () => clearTimeout(wait);
  }, [text]);
  return settled;
}
