import { useState } from "react";
import { flushSync } from "react-dom";
import type { Decision, Judged, Outcome } from "./types.ts";
import { useBulk } from "./useBulk.ts";
import { useSelection } from "./useSelection.ts";
import { saysOfAll } from "./words.ts";

type Desk = {
  replace: (decided: Judged) => void;
  say: (sentence: string) => void;
  /** The keyboard goes on after the last of those that were decided, if it is still at one of them. */
  goOn: (ids: string[]) => void;
  /** The keyboard goes back to the last of those that are selected. */
  goBack: (last: string) => void;
};

/** Decisions on what is selected. What somebody else changed meanwhile stays selected, with a note. */
export function useDecisions(rows: Judged[], { replace, say, goOn, goBack }: Desk) {
  const { selected, isSelected, isFull, select, selectOnly, deselect } = useSelection(rows);
  const [notes, setNotes] = useState<Record<string, string>>({});
  const [isRejecting, setRejecting] = useState(false);
  const bulk = useBulk(hear);
  if (isRejecting && selected.length === 0) setRejecting(false);

  function hear(outcomes: Outcome[], { status }: Decision) {
    for (const { comment } of outcomes) if (comment) replace(comment);
    const refused = outcomes.filter(({ outcome }) => outcome !== "decided");
    setNotes(Object.fromEntries(refused.map(({ id, detail }) => [id, `This was not saved. ${detail}`])));
    deselect(outcomes.filter(({ outcome }) => outcome === "decided").map(({ id }) => id));
    setRejecting(false);
    goOn(outcomes.map(({ id }) => id));
    say(saysOfAll(outcomes, status));
  }
  /** A button that goes takes the keyboard with it. */
  function leave(change: () => void) {
    const last = selected.at(-1);
    flushSync(change);
    if (last && document.activeElement === document.body) goBack(last.id);
  }
  function clear() {
    leave(() => selectOnly([]));
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
      isFull,
      isSaving: bulk.isSaving,
      failure: bulk.failure,
      isRejecting,
      onDecide: decide,
      onReject: reject,
      onCancel: () => leave(() => setRejecting(false)),
      onClear: clear,
    },
  };
}
