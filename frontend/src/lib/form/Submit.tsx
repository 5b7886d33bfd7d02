import styles from "./Submit.module.css";

type Props = { label: string; busy: string; isSending: boolean; failure: string | undefined };

/** The button, and beside it why the last try failed. */
export function Submit({ label, busy, isSending, failure }: Props) {
  return (
    <div className={styles.submit}>
      <button type="submit" aria-disabled={isSending}>
        {isSending ? busy : label}
      </button>
      <div role="alert">
        {failure && (
          <p className={styles.failure}>{failure} Nothing is lost: your text is kept here. Send it again.</p>
        )}
      </div>
    </div>
  );
}
