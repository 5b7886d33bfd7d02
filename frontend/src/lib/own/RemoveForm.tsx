import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { check } from "../form/check.ts";
import { Field } from "../form/Field.tsx";
import { Foot } from "../form/Foot.tsx";
import { Sheet } from "../form/Sheet.tsx";
import { unlessNotFound } from "../problem.ts";
import { shows } from "../text.ts";
import styles from "./RemoveForm.module.css";

const RULES = { reason: { limit: 500 } };

type Props = {
  of: "post" | "comment";
  asksReason: boolean;
  remove: (reason: string | null) => Promise<unknown>;
  onRemoved: () => void;
  onCancel: () => void;
};

/** Asks once more, because nobody can bring back what is removed. */
export function RemoveForm({ of: what, asksReason, remove, onRemoved, onCancel }: Props) {
  const [reason, setReason] = useState("");
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("input, button")?.focus(), []);
  const errors = check(RULES, { reason });
  const { mutate, isPending, error } = useMutation({
    // There is none if an earlier try whose answer was lost has removed it, or somebody else.
    mutationFn: () => unlessNotFound<unknown>(null, () => remove(shows(reason) ? reason.trim() : null)),
    onSuccess: onRemoved,
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!isPending && !errors.reason) mutate();
  }
  function leave() {
    if (!isPending) onCancel();
  }
  return (
    <div ref={form} className={styles.form}>
      <Sheet name={`Remove this ${what}`} onSubmit={submit} onEscape={leave}>
        <p className={styles.question}>
          Remove this {what} for good? Its text is deleted, and nobody can bring it back.
        </p>
        {asksReason && (
          <Field
            label="Reason"
            placeholder="Optional, for the audit trail"
            optional
            name="reason"
            value={reason}
            limit={RULES.reason.limit}
            error={errors.reason}
            readOnly={isPending}
            onChange={({ target }) => setReason(target.value)}
          />
        )}
        <Foot
          label="Remove"
          busy="Removing…"
          isSending={isPending}
          failure={error?.message}
          onCancel={leave}
        />
      </Sheet>
    </div>
  );
}
