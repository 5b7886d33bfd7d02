import { flushSync } from "react-dom";
import { type Draft, decodeDraft } from "../lib/form/useForm.ts";
import { PER_TAB, readStored, writeStored } from "../lib/stored.ts";

const DRAFT = `${PER_TAB}draft:post`;

/**
 * Draws the application in place of the outline that the page came with. Whoever had begun to write there before the
 * scripts came goes on writing.
 */
export function takeOver(root: HTMLElement, draw: () => void) {
  const active = document.activeElement;
  const field = active instanceof HTMLInputElement && root.contains(active) ? active : null;
  keepTitle(root.querySelector<HTMLInputElement>("input[name=title]")?.value);
  for (const each of document.head.querySelectorAll("title, meta[name=description]")) each.remove();
  flushSync(draw);
  const drawn = field && root.querySelector<HTMLInputElement>(`input[name="${field.name}"]`);
  if (!drawn) return;
  drawn.focus({ preventScroll: true });
  drawn.setSelectionRange(field.selectionStart, field.selectionEnd);
}

/** What was typed is a draft, unless there is one already. */
function keepTitle(typed = "") {
  if (!typed) return;
  const draft = readStored<Draft>(DRAFT, {}, decodeDraft);
  if (!draft.title) writeStored(DRAFT, { ...draft, title: typed });
}
