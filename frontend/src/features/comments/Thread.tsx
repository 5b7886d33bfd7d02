import { type FocusEvent, type KeyboardEvent, memo, type RefObject, useState } from "react";
import { CommentItem } from "./CommentItem.tsx";
import styles from "./Comments.module.css";
import type { SeenComment } from "./types.ts";

type Props = {
  postId: string;
  comments: SeenComment[];
  target: string | undefined;
  list: RefObject<HTMLOListElement | null>;
};

/** A step through the thread draws two of them anew, not all. */
const Item = memo(CommentItem);

const STEPS: Record<string, "previousElementSibling" | "nextElementSibling"> = {
  ArrowUp: "previousElementSibling",
  ArrowDown: "nextElementSibling",
};

/**
 * The comments, oldest first. All their permalinks are one stop of the tab key, the last one unless another had the focus
 * (a roving tabindex): the arrows lead from comment to comment, and a long thread is not in the way of the form.
 */
export function Thread({ postId, comments, target, list }: Props) {
  const [visited, setVisited] = useState<string>();
  const has = (id: string | undefined) => comments.some((comment) => comment.id === id);
  const stop = [visited, target].find(has) ?? comments.at(-1)?.id;
  return (
    <ol ref={list} className={styles.list} onKeyDown={step} onFocus={(event) => setVisited(visitedBy(event))}>
      {comments.map((comment) => (
        <Item
          key={comment.id}
          postId={postId}
          comment={comment}
          isTarget={comment.id === target}
          isStop={comment.id === stop}
        />
      ))}
    </ol>
  );
}

function step(event: KeyboardEvent<HTMLOListElement>) {
  const way = STEPS[event.key];
  if (!way || !(event.target as Element).closest("[data-permalink]")) return;
  const item = (event.target as Element).closest("[data-comment]");
  event.preventDefault();
  item?.[way]?.querySelector<HTMLElement>("[data-permalink]")?.focus();
}

function visitedBy({ target }: FocusEvent): string | undefined {
  return target.closest<HTMLElement>("[data-comment]")?.dataset.comment;
}
