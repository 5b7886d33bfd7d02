import { Link } from "react-router";
import { postAddress } from "../../lib/address.ts";
import { Isolated } from "../../lib/ui/Isolated.tsx";
import styles from "./PostLink.module.css";
import { usePostTitle } from "./usePostTitle.ts";

/** The post a comment is about, on one line however long its title is. */
export function PostLink({ id }: { id: string }) {
  return (
    <p className={styles.post}>
      On{" "}
      <Link to={postAddress(id)}>
        <Isolated text={usePostTitle(id)} instead="this post" />
      </Link>
    </p>
  );
}
