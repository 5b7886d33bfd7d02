import { Skeleton } from "../../lib/ui/Skeleton.tsx";
import styles from "./Queue.module.css";
import row from "./Row.module.css";

export function QueueSkeleton() {
  return (
    <div role="status">
      <span className="unseen">Loading comments</span>
      <div className={styles.bar} />
      <div className={styles.list}>
        {[92, 64, 85].map((width) => (
          <div key={width} className={row.row}>
            <div className={row.byline}>
              <Skeleton widths={[30, 45]} />
            </div>
            <Skeleton widths={[width]} />
            <div className={row.foot}>
              <div className={row.byline}>
                <Skeleton widths={[35, 60]} />
              </div>
              <div className={styles.actions} />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
