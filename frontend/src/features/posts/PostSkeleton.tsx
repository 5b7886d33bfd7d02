import { Skeleton } from "../../lib/ui/Skeleton.tsx";
import styles from "./PostPage.module.css";

export function PostSkeleton() {
  return (
    <div role="status" className={styles.post}>
      <span className="unseen">Loading the post</span>
      <div className={styles.title}>
        <Skeleton widths={[70]} />
      </div>
      <Skeleton widths={[25]} />
      <BodySkeleton />
    </div>
  );
}

export function BodySkeleton() {
  return (
    <div className={styles.body}>
      <Skeleton widths={[98, 95, 97, 92, 60]} />
      <Skeleton widths={[96, 99, 93, 40]} />
    </div>
  );
}
