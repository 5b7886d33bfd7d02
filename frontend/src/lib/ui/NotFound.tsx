import { Link } from "react-router";
import { BrokenLine } from "./Line.tsx";
import styles from "./NotFound.module.css";

export function NotFound() {
  return (
    <div className={styles.page}>
      <title>Not found · Blogbus</title>
      <BrokenLine />
      <h1 className={styles.title}>No page stops here</h1>
      <p>The address may be mistyped, or what stood here has moved.</p>
      <p>
        <Link to="/">All posts</Link>
      </p>
    </div>
  );
}
