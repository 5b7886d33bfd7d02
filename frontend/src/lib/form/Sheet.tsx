import { type FormEvent, type KeyboardEvent, type ReactNode, useState } from "react";
import styles from "./Sheet.module.css";

type Props = {
  name: string;
  /** Only its first field shows until it is entered; it stays open then, or a click beside it would miss. */
  isFolded?: boolean;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  /** What Escape does, in place of what it does around the sheet. */
  onEscape?: () => void;
  children: ReactNode;
};

const TEXT_FIELDS = "textarea, input:not([type=checkbox], [type=radio], [type=range])";

/** Enter leads from a line to the next field, and sends from the last; Ctrl or Cmd with Enter sends from any. */
function press(event: KeyboardEvent<HTMLFormElement>) {
  const { key, ctrlKey, metaKey, nativeEvent, target, currentTarget: form } = event;
  if (key !== "Enter" || nativeEvent.isComposing) return;
  if (ctrlKey || metaKey) {
    event.preventDefault();
    form.requestSubmit();
  } else if (target instanceof HTMLInputElement) {
    const fields = [...form.querySelectorAll<HTMLElement>(TEXT_FIELDS)];
    const next = fields[fields.indexOf(target) + 1];
    if (!next || !target.matches(TEXT_FIELDS)) return;
    event.preventDefault();
    next.focus();
  }
}

/** Fields on one sheet of paper, parted by hairlines. */
export function Sheet({ name, isFolded = false, onSubmit, onEscape, children }: Props) {
  const [wasEntered, setEntered] = useState(false);
  function pressHere(event: KeyboardEvent<HTMLFormElement>) {
    if (event.key !== "Escape" || event.nativeEvent.isComposing || !onEscape) return press(event);
    event.stopPropagation();
    onEscape();
  }
  return (
    <form
      className={styles.sheet}
      data-folded={isFolded && !wasEntered}
      aria-label={name}
      noValidate
      onFocus={() => setEntered(true)}
      onKeyDown={pressHere}
      onSubmit={onSubmit}
    >
      {children}
    </form>
  );
}
