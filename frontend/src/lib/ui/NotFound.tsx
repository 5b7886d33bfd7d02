import { Link } from "react-router";
import { BrokenLine } from "./Line.tsx";
import styles from "./NotFound.module.css";

export function NotFound() {
  return (
    <div className={styles.page}>
      <title>Not found · Blogbus</title>
      <BrokenLine />
      <h1 className={styles.title}>Page not found</h1>
      <p>The address may be mistyped, or the page was removed.</p>
      <p>
        <Link to="/">All posts</Link>
      </p>
    </div>
  );
}
