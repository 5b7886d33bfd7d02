import { FlowLink } from "../../lib/token/FlowLink.tsx";
import { Author } from "../../lib/ui/Isolated.tsx";
import { Prose } from "../../lib/ui/Prose.tsx";
import { Time } from "../../lib/ui/Time.tsx";
import { CommentActions } from "./CommentActions.tsx";
import styles from "./CommentItem.module.css";
import { Status } from "./Status.tsx";
import type { SeenComment } from "./types.ts";

const HIDDEN = {
  pending: "This comment is waiting for moderation.",
  rejected: "This comment was rejected.",
  approved: "This comment has no text.",
};

type Props = { postId: string; comment: SeenComment };

export function CommentItem({ postId, comment }: Props) {
  const { author, createdAt, content, status, own } = comment;
  return (
    <li className={styles.comment} data-status={status}>
      <p className={styles.byline}>
        {author !== null && (
          <span className={styles.author}>
            <Author name={author} />
          </span>
        )}{" "}
        {createdAt && <Time iso={createdAt} />}
        <FlowLink of="comment" subject={comment.id} />
      </p>
      {content === null ? (
        <p className={styles.hidden}>{HIDDEN[status]}</p>
      ) : (
        <div className={styles.content}>
          <Prose text={content} />
        </div>
      )}
      <CommentActions postId={postId} comment={comment} />
      {own && <Status comment={comment} />}
    </li>
  );
}
