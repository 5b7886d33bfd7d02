import { Link } from "react-router";
import { postAddress } from "../../lib/address.ts";
import { excerpt } from "../../lib/markdown/excerpt.ts";
import { plural } from "../../lib/text.ts";
import { Byline } from "./Byline.tsx";
import styles from "./PostItem.module.css";
import type { Post } from "./types.ts";

export function PostItem({ post, isWaiting }: { post: Post; isWaiting: boolean }) {
  return (
    <li className={styles.item}>
      <h2 className={styles.title} dir="auto">
        <Link to={postAddress(post.id)}>{post.title}</Link>
      </h2>
      {post.body && (
        <p className={styles.excerpt} dir="auto">
          {excerpt(post.body)}
        </p>
      )}
      <div className={styles.meta}>
        <Byline post={post} isWaiting={isWaiting}>
          {post.commentCount > 0 && <span>{plural(post.commentCount, "comment")}</span>}
        </Byline>
      </div>
    </li>
  );
}
