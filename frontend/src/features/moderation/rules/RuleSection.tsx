import { type ReactNode, useId, useRef } from "react";
import { isolated } from "../../../lib/text.ts";
import type { Rule, RuleKind } from "../types.ts";
import { RuleForm } from "./RuleForm.tsx";
import { RuleList } from "./RuleList.tsx";
import styles from "./Rules.module.css";

type Props = {
  kind: RuleKind;
  title: string;
  /** Those of the environment. */
  fixed: string[];
  added: Rule[];
  onSaid: (sentence: string) => void;
  /** What such a rule does. */
  children: ReactNode;
};

/** The rules of one kind. */
export function RuleSection({ kind, title, fixed, added, onSaid, children }: Props) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  /** The row goes, with the last one the list, too, and the keyboard to the heading. */
  function onRemoved({ text }: Rule, isHere: boolean) {
    if (isHere) heading.current?.focus();
    onSaid(`${isolated(text)} was removed.`);
  }
  return (
    <section aria-labelledby={id} className={styles.section}>
      <h2 id={id} ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <p>{children}</p>
      <RuleForm kind={kind} onSaid={onSaid} />
      <RuleList
        kind={kind}
        name={title}
        fixed={fixed}
        rules={added.filter((rule) => rule.kind === kind)}
        onRemoved={onRemoved}
      />
    </section>
  );
}
