import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { check } from "../../../lib/form/check.ts";
import { Field } from "../../../lib/form/Field.tsx";
import { Sheet } from "../../../lib/form/Sheet.tsx";
import { Problem } from "../../../lib/problem.ts";
import { isolated, shows } from "../../../lib/text.ts";
import { addRule, RULES_KEY } from "../api/rules.ts";
import type { RuleKind } from "../types.ts";
import { explains } from "../words.ts";
import { RulePreview } from "./RulePreview.tsx";
import styles from "./Rules.module.css";

const LIMIT = 100;
const WORDS = {
  "banned word": { label: "Ban a word", missing: "Write a word." },
  "allowed site": { label: "Allow a site", missing: "Write the name of a site, such as example.org." },
};

type Props = { kind: RuleKind; onSaid: (sentence: string) => void };

/** Adds a rule; before that it says what the rule would have changed. */
export function RuleForm({ kind, onSaid }: Props) {
  const [text, setText] = useState("");
  const [wasSent, setSent] = useState(false);
  const client = useQueryClient();
  const { label, missing } = WORDS[kind];
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => addRule({ kind, text: text.trim() }),
    onSuccess: (rule) => {
      type("");
      onSaid(`${isolated(rule.text)} was added.`);
      client.invalidateQueries({ queryKey: RULES_KEY });
    },
  });
  const errors = check({ text: { limit: LIMIT, missing } }, { text });
  const refusal = error instanceof Problem ? error.fields.text : undefined;
  const problem = (wasSent ? errors.text : undefined) ?? refusal;

  function type(typed: string) {
    setText(typed);
    setSent(false);
    reset();
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    setSent(true);
    if (!errors.text && !isPending) mutate();
  }
  return (
    <Sheet name={label} onSubmit={submit}>
      <Field
        label={label}
        name="text"
        value={text}
        limit={LIMIT}
        error={problem}
        readOnly={isPending}
        onChange={({ target }) => type(target.value)}
      />
      <div className={styles.foot}>
        <RulePreview kind={kind} text={shows(text) && !errors.text ? text.trim() : ""} />
        <button type="submit" aria-disabled={isPending}>
          {isPending ? "Adding…" : "Add"}
        </button>
      </div>
      {error && !refusal && (
        <p role="alert" className={styles.failure}>
          {explains(error)}
        </p>
      )}
    </Sheet>
  );
}
