import { Mark } from "../../lib/ui/Mark.tsx";
import { Time } from "../../lib/ui/Time.tsx";
import type { Decision, Judged } from "./types.ts";
import styles from "./Verdict.module.css";
import { says } from "./words.ts";

type Props = {
  comment: Judged;
  /** On its way to the server. */
  intended: Decision | undefined;
  /** Somebody else's doing, of which no more is known. */
  left: string | undefined;
};

/** In one line: who decided what and when, why, and what the rules found. */
export function Verdict({ comment, intended, left }: Props) {
  const { finding, reason, decidedAt } = comment;
  const status = intended?.status ?? comment.status;
  const isStale = left !== undefined && !intended;
  const said = intended ? intended.reason : reason;
  const standing = isStale ? left : says({ status, moderator: intended ? null : comment.moderator });
  return (
    <p className={styles.verdict}>
      <Mark status={isStale ? null : status} />
      <span>
        <b>
          {standing}
          {intended && ", being saved…"}
        </b>
        {!intended && !isStale && decidedAt && (
          <>
            {" "}
            <Time iso={decidedAt} />
          </>
        )}
        {said && said !== finding && (
          <>
            {" "}
            · <bdi>“{said}”</bdi>
          </>
        )}
        {finding && (
          <>
            {" "}
            · <bdi>{finding}</bdi>
          </>
        )}
      </span>
    </p>
  );
}
