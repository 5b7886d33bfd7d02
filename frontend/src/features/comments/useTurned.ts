import { useEffect, useRef, useState } from "react";
import { isolated } from "../../lib/text.ts";
import { withoutOlder } from "./thread.ts";
import type { SeenComment } from "./types.ts";

type Status = SeenComment["status"];

/** A sentence each time an own comment's status turns, for a reader who does not see it turn. */
export function useTurned(comments: SeenComment[]): string {
  const before = useRef<Map<string, Status> | null>(null);
  const [sentence, setSentence] = useState("");
  useEffect(() => {
    const known = before.current;
    const turned =
      known &&
      withoutOlder(comments, (id) => known.has(id)).find(
        ({ id, own, status }) => own && known.get(id) !== status,
      );
    if (turned) setSentence(say(turned));
    before.current = new Map(comments.map(({ id, status }) => [id, status]));
  }, [comments]);
  return sentence;
}

function say({ content, status, reason }: SeenComment) {
  const quoted = `“${isolated(content ?? "")}”`;
  if (status === "pending") return `Your comment ${quoted} is waiting for moderation.`;
  if (status === "approved") return `Your comment ${quoted} was approved.`;
  return `Your comment ${quoted} was rejected. ${isolated(reason ?? "")}`;
}
