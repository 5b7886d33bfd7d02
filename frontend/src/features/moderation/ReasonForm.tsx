import { type FormEvent, useEffect, useRef, useState } from "react";
import { check } from "../../lib/form/check.ts";
import { Field } from "../../lib/form/Field.tsx";
import { Sheet } from "../../lib/form/Sheet.tsx";
import { shows } from "../../lib/text.ts";
import styles from "./ReasonForm.module.css";

const RULES = { reason: { limit: 500 } };

type Props = {
  /** The one given before, if any. */
  reason: string | null;
  isSaving: boolean;
  onReject: (reason: string | null) => void;
  onCancel: () => void;
};

/** Why a comment is rejected, for the one who wrote it. */
export function ReasonForm({ reason: given, isSaving, onReject, onCancel }: Props) {
  const [reason, setReason] = useState(given ?? "");
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  const errors = check(RULES, { reason });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!errors.reason) onReject(shows(reason) ? reason.trim() : null);
  }
  return (
    <div ref={form}>
      <Sheet name="Reject this comment" onSubmit={submit}>
        <Field
          label="Reason"
          placeholder="Optional, shown to the author"
          optional
          name="reason"
          value={reason}
          limit={RULES.reason.limit}
          error={errors.reason}
          readOnly={isSaving}
          onChange={({ target }) => setReason(target.value)}
        />
        <div className={styles.foot}>
          <button type="button" className="quiet" onClick={onCancel}>
            Cancel
          </button>
          <button type="submit" aria-disabled={isSaving}>
            Reject
          </button>
        </div>
      </Sheet>
    </div>
  );
}
