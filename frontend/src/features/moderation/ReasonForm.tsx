import { type FormEvent, useEffect, useRef, useState } from "react";
import { check } from "../../lib/form/check.ts";
import { Field } from "../../lib/form/Field.tsx";
import { Sheet } from "../../lib/form/Sheet.tsx";
import { shows } from "../../lib/text.ts";
import styles from "./ReasonForm.module.css";

const RULES = { reason: { limit: 500 } };
const OFTEN = ["Advertising.", "Off topic.", "Rude to others.", "Personal data.", "Posted before."];

type Props = {
  /** What is rejected. */
  of?: string;
  /** The one given before, if any. */
  reason: string | null;
  isSaving: boolean;
  onReject: (reason: string | null) => void;
  onCancel: () => void;
};

/** Why a comment is rejected, for the one who wrote it: a usual reason, or words of one's own. */
export function ReasonForm({
  of: what = "this comment",
  reason: given,
  isSaving,
  onReject,
  onCancel,
}: Props) {
  const [reason, setReason] = useState(given ?? "");
  const form = useRef<HTMLDivElement>(null);
  const focusField = () => form.current?.querySelector("input")?.focus();
  useEffect(focusField, []);
  const errors = check(RULES, { reason });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!errors.reason) onReject(shows(reason) ? reason.trim() : null);
  }
  function choose(usual: string) {
    setReason(usual);
    focusField();
  }
  function leave() {
    if (!isSaving) onCancel();
  }
  return (
    <div ref={form}>
      <Sheet name={`Reject ${what}`} onSubmit={submit} onEscape={leave}>
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
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be one more line of the sheet */}
        <div role="group" aria-label="Often said" className={styles.usual}>
          {OFTEN.map((usual) => (
            <button key={usual} type="button" className="quiet small" onClick={() => choose(usual)}>
              {usual}
            </button>
          ))}
        </div>
        <div className={styles.foot}>
          <button type="button" className="quiet" aria-disabled={isSaving} onClick={leave}>
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
