import styles from "./More.module.css";

type Props = { label: string; busy: string; isLoading: boolean; onMore: () => void };

/** At the end of a list that goes on. */
export function More({ label, busy, isLoading, onMore }: Props) {
  return (
    <button
      type="button"
      className={`quiet ${styles.more}`}
      aria-disabled={isLoading}
      onClick={isLoading ? undefined : onMore}
    >
      {isLoading ? busy : label}
    </button>
  );
}
