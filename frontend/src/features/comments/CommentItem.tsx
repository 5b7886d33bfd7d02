import { Link } from "react-router";
import { commentAddress } from "../../lib/address.ts";
import { Markdown } from "../../lib/markdown/Markdown.tsx";
import { FlowLink } from "../../lib/token/FlowLink.tsx";
import { Author } from "../../lib/ui/Isolated.tsx";
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

type Props = {
  postId: string;
  comment: SeenComment;
  /** The address of the page names it. */
  isTarget: boolean;
  /** The tab key stops at its permalink. */
  isStop: boolean;
};

export function CommentItem({ postId, comment, isTarget, isStop }: Props) {
  const { id, author, createdAt, content, status, own } = comment;
  return (
    <li
      className={styles.comment}
      data-comment={id}
      data-status={status}
      data-target={isTarget}
      tabIndex={-1}
      {...(isTarget && { "aria-current": "location" })}
    >
      <p className={styles.byline}>
        {author !== null && (
          <span className={styles.author}>
            <Author name={author} />
          </span>
        )}{" "}
        {createdAt && (
          <Link
            to={commentAddress(postId, id)}
            className={styles.permalink}
            data-permalink=""
            tabIndex={isStop ? 0 : -1}
          >
            <Time iso={createdAt} isLinked />
          </Link>
        )}
        <FlowLink of="comment" subject={id} />
      </p>
      {content === null ? (
        <p className={styles.hidden}>{HIDDEN[status]}</p>
      ) : (
        <div className={styles.content}>
          <Markdown text={content} />
        </div>
      )}
      <CommentActions postId={postId} comment={comment} />
      {own && <Status comment={comment} />}
    </li>
  );
}
