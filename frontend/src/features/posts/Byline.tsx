import type { ReactNode } from "react";
import { FlowLink } from "../../lib/token/FlowLink.tsx";
import { Author } from "../../lib/ui/Isolated.tsx";
import { Time } from "../../lib/ui/Time.tsx";
import styles from "./Byline.module.css";
import type { Post } from "./types.ts";

type Props = { post: Post; isWaiting: boolean; children?: ReactNode };

/** Who and when; while the read model has not caught up with an own post, that it is on its way. */
export function Byline({ post, isWaiting, children }: Props) {
  return (
    <div className={styles.byline}>
      <p className={styles.parts}>
        <span className={styles.author}>
          <Author name={post.author} />
        </span>
        {isWaiting && (
          <span>
            <span className={styles.waiting}>being published…</span>
          </span>
        )}
        {!isWaiting && post.createdAt && (
          <span>
            <Time iso={post.createdAt} />
          </span>
        )}
        {children}
        <FlowLink of="post" subject={post.id} />
      </p>
    </div>
  );
}
