import { Failed } from "./Failed.tsx";
import styles from "./Foot.module.css";

type Props = {
  label: string;
  busy: string;
  isSending: boolean;
  failure: string | undefined;
  /** What is on its way cannot be taken back: it does nothing then. */
  onCancel: () => void;
};

/** The foot of a sheet that can be left: why the last try failed, and two buttons. */
export function Foot({ label, busy, isSending, failure, onCancel }: Props) {
  return (
    <div className={styles.foot}>
      <Failed className={styles.failure} text={failure} />
      <button type="button" className="quiet" aria-disabled={isSending} onClick={onCancel}>
        Cancel
      </button>
      <button type="submit" aria-disabled={isSending}>
        {isSending ? busy : label}
      </button>
    </div>
  );
}
