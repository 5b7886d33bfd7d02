import { Link } from "react-router";
import { commentAddress } from "../../lib/address.ts";
import { Isolated } from "../../lib/ui/Isolated.tsx";
import styles from "./PostLink.module.css";
import type { Judged } from "./types.ts";
import { usePostTitle } from "./usePostTitle.ts";

/** To a comment's place below its post, on one line however long the post's title is. */
export function PostLink({ comment: { id, postId } }: { comment: Judged }) {
  return (
    <span className={styles.post}>
      On{" "}
      <Link to={commentAddress(postId, id)}>
        <Isolated text={usePostTitle(postId)} instead="this post" />
      </Link>
    </span>
  );
}
