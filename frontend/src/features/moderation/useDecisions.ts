import { useState } from "react";
import type { Decision, Judged, Outcome } from "./types.ts";
import { useBulk } from "./useBulk.ts";
import { useSelection } from "./useSelection.ts";
import { saysOfAll } from "./words.ts";

type Desk = {
  replace: (decided: Judged) => void;
  say: (sentence: string) => void;
  /** The keyboard goes on after the last of those that were decided. */
  goOn: (last: Judged) => void;
};

/** Decisions on what is selected. What somebody else changed meanwhile stays selected, with a note. */
export function useDecisions(rows: Judged[], { replace, say, goOn }: Desk) {
  const { selected, isSelected, select, selectOnly } = useSelection(rows);
  const [notes, setNotes] = useState<Record<string, string>>({});
  const [isRejecting, setRejecting] = useState(false);
  const bulk = useBulk(hear);

  function hear(outcomes: Outcome[], { status }: Decision) {
    for (const { comment } of outcomes) if (comment) replace(comment);
    const refused = outcomes.filter(({ outcome }) => outcome !== "decided");
    setNotes(Object.fromEntries(refused.map(({ id, detail }) => [id, `This was not saved. ${detail}`])));
    const last = selected.at(-1);
    selectOnly(refused.map(({ id }) => id));
    setRejecting(false);
    if (last) goOn(last);
    say(saysOfAll(outcomes, status));
  }
  function clear() {
    selectOnly([]);
    setRejecting(false);
    bulk.forget();
    say("Nothing is selected.");
  }
  const decide = (decision: Decision) => bulk.decideAll(selected, decision);
  const reject = () => setRejecting(true);
  const keys: Record<string, () => void> = selected.length
    ? { a: () => decide({ status: "approved", reason: null }), r: reject, Escape: clear }
    : {};
  return {
    selected,
    isSelected,
    notes,
    keys,
    select: (comment: Judged, isRange: boolean) => {
      select(comment, isRange);
      bulk.forget();
    },
    selectAll: () => selectOnly(rows.map(({ id }) => id)),
    forgetNote: ({ id }: Judged) => setNotes(({ [id]: _, ...others }) => others),
    bar: {
      count: selected.length,
      isSaving: bulk.isSaving,
      failure: bulk.failure,
      isRejecting,
      onDecide: decide,
      onReject: reject,
      onCancel: () => setRejecting(false),
      onClear: clear,
    },
  };
}
