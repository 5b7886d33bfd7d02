import { type ChangeEvent, useId } from "react";
import { lengthOf } from "./check.ts";
import styles from "./Field.module.css";

type Props = {
  label: string;
  name: string;
  value: string;
  limit: number;
  error: string | undefined;
  readOnly: boolean;
  onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => void;
  /** Where a field may stay empty: what holds then. */
  placeholder?: string;
  optional?: boolean;
  /** What one may write in it. */
  hint?: string;
  look?: "line" | "title" | "text";
};

/** A labelled input; it counts characters only when there are few left. */
export function Field({
  label,
  value,
  limit,
  error,
  optional = false,
  hint,
  look = "line",
  ...control
}: Props) {
  const id = useId();
  const left = limit - lengthOf(value);
  const isClose = left < limit / 10;
  const described = [error && `${id}-error`, hint && `${id}-hint`, isClose && `${id}-left`]
    .filter(Boolean)
    .join(" ");
  const Control = look === "text" ? "textarea" : "input";
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
        {optional && !control.placeholder && <span className={styles.optional}> (optional)</span>}
      </label>
      <Control
        {...control}
        id={id}
        className={`${styles.control} ${styles[look]}`}
        dir="auto"
        value={value}
        required={!optional}
        aria-invalid={error !== undefined}
        aria-describedby={described || undefined}
        autoComplete={control.name === "author" ? "nickname" : "off"}
      />
      {error && (
        <p className={styles.error} id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p className={styles.hint} id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {isClose && (
        <p className={styles.left} id={`${id}-left`}>
          {left < 0 ? `${-left} over the limit` : `${left} left`}
        </p>
      )}
    </div>
  );
}
