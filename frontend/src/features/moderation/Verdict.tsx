import { Mark } from "../../lib/ui/Mark.tsx";
import { Time } from "../../lib/ui/Time.tsx";
import type { Decision, Judged } from "./types.ts";
import styles from "./Verdict.module.css";
import { says } from "./words.ts";

type Props = {
  comment: Judged;
  /** On its way to the server. */
  intended: Decision | undefined;
  hasLeft: boolean;
};

/** What the rules found, who decided what and when, and why. */
export function Verdict({ comment, intended, hasLeft }: Props) {
  const { finding, reason, decidedAt } = comment;
  const status = intended?.status ?? comment.status;
  const isStale = hasLeft && !intended;
  const said = intended ? intended.reason : reason;
  return (
    <div className={styles.verdict}>
      <p className={styles.standing}>
        <Mark status={isStale ? null : status} />
        <span>
          {isStale
            ? "Somebody else has decided this"
            : says({ status, moderator: intended ? null : comment.moderator })}
          {intended && ", being saved…"}
          {!intended && !isStale && decidedAt && (
            <span className={styles.time}>
              {" "}
              <Time iso={decidedAt} />
            </span>
          )}
        </span>
      </p>
      {finding && (
        <p className={styles.finding} dir="auto">
          {finding}
        </p>
      )}
      {said && said !== finding && (
        <p className={styles.reason} dir="auto">
          “{said}”
        </p>
      )}
    </div>
  );
}
