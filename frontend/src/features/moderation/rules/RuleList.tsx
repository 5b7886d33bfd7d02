import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { isNotFound } from "../../../lib/problem.ts";
import { isolated } from "../../../lib/text.ts";
import { Isolated } from "../../../lib/ui/Isolated.tsx";
import { Time } from "../../../lib/ui/Time.tsx";
import { removeRule } from "../api/rules.ts";
import type { Rule, RuleKind } from "../types.ts";
import { explains } from "../words.ts";
import styles from "./Rules.module.css";
import { RULES_KEY } from "./RulesDesk.tsx";

type Props = {
  kind: RuleKind;
  /** Those of the environment. */
  fixed: string[];
  rules: Rule[];
  onSaid: (sentence: string) => void;
};

export function RuleList({ kind, fixed, rules, onSaid }: Props) {
  const list = useRef<HTMLUListElement>(null);
  if (fixed.length + rules.length === 0) {
    return (
      <p className={styles.none}>{kind === "banned word" ? "No word is banned." : "No site is allowed."}</p>
    );
  }
  /** The row goes, and the keyboard with it, to the list. */
  function onRemoved({ text }: Rule) {
    list.current?.focus();
    onSaid(`${isolated(text)} was removed.`);
  }
  return (
    <ul ref={list} className={styles.rules} tabIndex={-1} aria-label={`Each ${kind}`}>
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

function Added({ rule, onRemoved }: { rule: Rule; onRemoved: (rule: Rule) => void }) {
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      try {
        await removeRule(rule.id);
      } catch (error) {
        // Removed by an earlier try whose answer was lost, or by somebody else.
        if (!isNotFound(error as Error)) throw error;
      }
    },
    onSuccess: async () => {
      onRemoved(rule);
      await client.invalidateQueries({ queryKey: RULES_KEY });
    },
  });
  return (
    <li>
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
