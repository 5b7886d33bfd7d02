import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { isFree } from "../../../lib/keyboard.ts";
import { unlessNotFound } from "../../../lib/problem.ts";
import { Isolated } from "../../../lib/ui/Isolated.tsx";
import { Time } from "../../../lib/ui/Time.tsx";
import { RULES_KEY, removeRule } from "../api/rules.ts";
import type { Rule, RuleKind } from "../types.ts";
import { explains } from "../words.ts";
import styles from "./Rules.module.css";

type Props = {
  kind: RuleKind;
  name: string;
  /** Those of the environment. */
  fixed: string[];
  rules: Rule[];
  /** `isHere`: the keyboard is in what goes, or nowhere. */
  onRemoved: (rule: Rule, isHere: boolean) => void;
};

export function RuleList({ kind, name, fixed, rules, onRemoved }: Props) {
  if (fixed.length + rules.length === 0) {
    return (
      <p className={styles.none}>{kind === "banned word" ? "No word is banned." : "No site is allowed."}</p>
    );
  }
  return (
    <ul className={styles.rules} aria-label={name}>
      {rules.map((rule) => (
        <Added key={rule.id} rule={rule} onRemoved={onRemoved} />
      ))}
      {fixed.map((word) => (
        <li key={word}>
          <b>
            <Isolated text={word} />
          </b>
          <span className={styles.by}>always, by MODERATION_BANNED_WORDS</span>
        </li>
      ))}
    </ul>
  );
}

function Added({ rule, onRemoved }: Pick<Props, "onRemoved"> & { rule: Rule }) {
  const row = useRef<HTMLLIElement>(null);
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    // There is none if an earlier try whose answer was lost has removed it, or somebody else.
    mutationFn: () => unlessNotFound<void>(undefined, () => removeRule(rule.id)),
    onSuccess: async () => {
      onRemoved(rule, isFree(row.current));
      await client.invalidateQueries({ queryKey: RULES_KEY });
    },
  });
  return (
    <li ref={row}>
      <b>
        <Isolated text={rule.text} />
      </b>
      <span className={styles.by}>
        by <Isolated text={rule.addedBy} />, <Time iso={rule.addedAt} />
      </span>
      <button
        type="button"
        className="quiet small"
        aria-label={`Remove ${rule.text}`}
        aria-disabled={isPending}
        onClick={() => isPending || mutate()}
      >
        {isPending ? "Removing…" : "Remove"}
      </button>
      {error && (
        <p role="alert" className={styles.failure}>
          {explains(error)}
        </p>
      )}
    </li>
  );
}
