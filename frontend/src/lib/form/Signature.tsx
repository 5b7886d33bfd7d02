import type { ComponentProps } from "react";
import { Failed } from "./Failed.tsx";
import { Field } from "./Field.tsx";
import styles from "./Signature.module.css";

type Props = {
  author: Omit<ComponentProps<typeof Field>, "label">;
  label: string;
  busy: string;
  isSending: boolean;
  failure: string | undefined;
};

/** The foot of a sheet: the writer's name, the button, and why the last try failed. */
export function Signature({ author, label, busy, isSending, failure }: Props) {
  return (
    <div className={styles.signature}>
      <Field label="Your name" placeholder="Anonymous" optional {...author} />
      <button type="submit" aria-disabled={isSending}>
        {isSending ? busy : label}
      </button>
      <Failed className={styles.failure} text={failure && `${failure} Your text is kept: send it again.`} />
    </div>
  );
}
