import { type FormEvent, type ReactNode, useState } from "react";
import styles from "./Sheet.module.css";

type Props = {
  name: string;
  /** Only its first field shows until it is entered; it stays open then, or a click beside it would miss. */
  isFolded?: boolean;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  children: ReactNode;
};

/** Fields on one sheet of paper, parted by hairlines. */
export function Sheet({ name, isFolded = false, onSubmit, children }: Props) {
  const [wasEntered, setEntered] = useState(false);
  return (
    <form
      className={styles.sheet}
      data-folded={isFolded && !wasEntered}
      aria-label={name}
      noValidate
      onFocus={() => setEntered(true)}
      onSubmit={onSubmit}
    >
      {children}
    </form>
  );
}
