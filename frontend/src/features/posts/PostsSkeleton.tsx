import { Skeleton } from "../../lib/ui/Skeleton.tsx";
import styles from "./PostItem.module.css";
import page from "./PostsPage.module.css";

export function PostsSkeleton() {
  return (
    <div role="status" className={page.list}>
      <span className="unseen">Loading posts</span>
      <div>
        {[62, 48, 71, 55].map((width) => (
          <div key={width} className={styles.item}>
            <div className={styles.title}>
              <Skeleton widths={[width]} />
            </div>
            <div className={styles.excerpt}>
              <Skeleton widths={[98, 94, 60]} />
            </div>
            <div className={styles.meta}>
              <Skeleton widths={[30]} />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
