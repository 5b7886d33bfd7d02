import { type ReactNode, useEffect, useRef, useState } from "react";
import { isFree } from "../keyboard.ts";
import styles from "./Actions.module.css";
import { RemoveForm } from "./RemoveForm.tsx";

type Props = {
  of: "post" | "comment";
  /** The form that edits it, if this reader may; `close` returns to the buttons. */
  edit: ((close: () => void) => ReactNode) | undefined;
  /** Whether who removes it says why. */
  asksReason: boolean;
  remove: (reason: string | null) => Promise<unknown>;
  /** `isHere`: the keyboard is in what goes, or nowhere. */
  onRemoved: (isHere: boolean) => void;
};

/** What an author may do with what they wrote, and a moderator with anything. */
export function Actions({ of: what, edit, onRemoved, ...removal }: Props) {
  const [opened, setOpened] = useState<"edit" | "remove">();
  const group = useRef<HTMLDivElement>(null);
  const last = useRef(opened);
  /** The keyboard goes into what opens, and back to the button that opened it, unless somebody took it elsewhere. */
  useEffect(() => {
    if (opened === last.current) return;
    const target = opened
      ? group.current?.querySelector<HTMLElement>("input, textarea, button")
      : group.current?.querySelector<HTMLElement>(`[data-opens=${last.current}]`);
    if (isFree(group.current)) target?.focus();
    last.current = opened;
  }, [opened]);
  const close = () => setOpened(undefined);
  return (
    <div ref={group} className={styles.actions} data-opened={opened}>
      {opened === undefined && (
        <>
          {edit && (
            <button
              type="button"
              className={`${styles.action} quiet small`}
              data-opens="edit"
              aria-label={`Edit this ${what}`}
              onClick={() => setOpened("edit")}
            >
              Edit
            </button>
          )}
          <button
            type="button"
            className={`${styles.action} quiet small`}
            data-opens="remove"
            aria-label={`Remove this ${what}…`}
            onClick={() => setOpened("remove")}
          >
            Remove…
          </button>
        </>
      )}
      {opened === "edit" && edit?.(close)}
      {opened === "remove" && (
        <RemoveForm
          of={what}
          onCancel={close}
          onRemoved={() => onRemoved(isFree(group.current))}
          {...removal}
        />
      )}
    </div>
  );
}
