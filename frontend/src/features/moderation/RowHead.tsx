import { type ReactNode, useRef } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { shows } from "../../lib/text.ts";
import { Author } from "../../lib/ui/Isolated.tsx";
import { Time } from "../../lib/ui/Time.tsx";
import { addressOf } from "./asked.ts";
import { PostLink } from "./PostLink.tsx";
import styles from "./Row.module.css";
import type { Judged } from "./types.ts";

type Props = {
  id: string;
  comment: Judged;
  isSelected: boolean;
  showsThread: boolean;
  onSelect: (isRange: boolean) => void;
  onThread: () => void;
};

/** In one line: who wrote it, when, and on what. */
export function RowHead({ id, comment, isSelected, showsThread, onSelect, onThread }: Props) {
  const { author, createdAt } = comment;
  const isRange = useRef(false);
  return (
    <div className={styles.head}>
      <input
        type="checkbox"
        className={styles.select}
        aria-label="Select"
        checked={isSelected}
        onClick={({ shiftKey }) => {
          isRange.current = shiftKey;
        }}
        onChange={() => onSelect(isRange.current)}
      />
      <p className={styles.byline} id={id}>
        <span className={styles.author}>
          <AuthorLink comment={comment}>
            <Author name={author} />
          </AuthorLink>
        </span>{" "}
        <Time iso={createdAt} />
      </p>
      <PostLink comment={comment} />
      <button
        type="button"
        className={`quiet small ${styles.around}`}
        aria-expanded={showsThread}
        onClick={onThread}
      >
        Thread
      </button>
    </div>
  );
}

/** The page of all comments by an author; null: nobody signed this one. */
export function historyOf({ author }: Judged): string | null {
  return shows(author) ? addressOf({ status: "all", author: author.trim() }) : null;
}

/** Leaves word in the history where the keyboard was, for the way back. */
export function useWayBack() {
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  return ({ id }: Judged) => navigate({ pathname, search }, { replace: true, state: { at: id } });
}

/** The keyboard goes to the first comment there. */
export const ENTERED = { entered: true };

function AuthorLink({ comment, children }: { comment: Judged; children: ReactNode }) {
  const leave = useWayBack();
  const to = historyOf(comment);
  if (to === null) return children;
  return (
    <Link to={to} state={ENTERED} title="All comments by this name" onClick={() => leave(comment)}>
      {children}
    </Link>
  );
}
