import { useRef } from "react";
import styles from "./KeySheet.module.css";
import { useKeySwitch, useKeys } from "./useKeys.ts";

const KEYS = [
  ["j", "the next comment"],
  ["k", "the one before"],
  ["a", "approve it, or all that are selected"],
  ["r", "reject it or them, with a reason or without"],
  ["x", "select it"],
  ["Shift x", "select all up to it"],
  ["Esc", "select nothing"],
  ["t", "the thread around it"],
  ["h", "all comments by its author"],
  ["/", "search"],
  ["?", "this sheet"],
] as const;

/** The keys of the desk, on a sheet that `?` opens. */
export function KeySheet() {
  const sheet = useRef<HTMLDialogElement>(null);
  const { areOn, turn } = useKeySwitch();
  const closer = useRef<HTMLButtonElement>(null);
  const close = () => sheet.current?.close();
  function open() {
    sheet.current?.showModal();
    closer.current?.focus();
  }
  useKeys({ "?": open });
  return (
    <>
      <button type="button" className={`quiet ${styles.open}`} onClick={open}>
        Keys <kbd className={styles.key}>?</kbd>
      </button>
      <dialog ref={sheet} className={styles.sheet} aria-labelledby="keys">
        <h2 id="keys" className={styles.title}>
          Keys
        </h2>
        <dl className={styles.keys}>
          {KEYS.map(([key, what]) => (
            <div key={key} className={styles.pair}>
              <dt>
                <kbd className={styles.key}>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <p>
          A later decision replaces an earlier one: an approved comment can still be rejected, and a rejected
          one approved.
        </p>
        <label className={styles.switch}>
          <input type="checkbox" checked={areOn} onChange={({ target }) => turn(target.checked)} />
          Use these keys in this browser
        </label>
        <button ref={closer} type="button" onClick={close}>
          Close
        </button>
      </dialog>
    </>
  );
}
