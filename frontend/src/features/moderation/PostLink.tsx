import { Link } from "react-router";
import { postAddress } from "../../lib/address.ts";
import styles from "./PostLink.module.css";
import { usePostTitle } from "./usePostTitle.ts";

/** The post a comment is about, on one line however long its title is. */
export function PostLink({ id }: { id: string }) {
  return (
    <p className={styles.post}>
      On <Link to={postAddress(id)}>{usePostTitle(id) ?? "this post"}</Link>
    </p>
  );
}
