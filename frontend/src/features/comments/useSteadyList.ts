import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { SeenComment } from "./types.ts";

type Mark = { id: string; top: number };

/**
 * Where older comments come in above, what one reads stays where it is. Who asked for them gets the focus on the one just
 * above that, which is in sight, and a sentence that says how many came.
 */
export function useSteadyList(list: RefObject<HTMLOListElement | null>, comments: SeenComment[]) {
  const before = useRef<Mark | null>(null);
  const isAsked = useRef(false);
  const [sentence, setSentence] = useState("");
  const first = comments[0]?.id;
  useLayoutEffect(() => {
    const former = before.current && itemOf(list.current, before.current.id);
    if (before.current && former && before.current.id !== first) {
      window.scrollBy({ top: topOf(former) - before.current.top, behavior: "instant" });
      if (isAsked.current) {
        isAsked.current = false;
        const count = comments.findIndex(({ id }) => id === before.current?.id);
        setSentence(count === 1 ? "1 older comment is shown." : `${count} older comments are shown.`);
        if (isIdle()) (former.previousElementSibling as HTMLElement).focus({ preventScroll: true });
      }
    }
    const now = first === undefined ? null : itemOf(list.current, first);
    before.current = now && first !== undefined ? { id: first, top: topOf(now) } : null;
  });
  function ask() {
    isAsked.current = true;
  }
  return { sentence, ask };
}

/** The focus is on the button, or lost with it; who went on to something else meanwhile stays there. */
function isIdle(): boolean {
  const focused = document.activeElement;
  return focused === null || focused === document.body || focused.closest("[data-loading]") !== null;
}

export function itemOf(list: HTMLOListElement | null, id: string): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-comment="${CSS.escape(id)}"]`) ?? null;
}

/** In the document, wherever it is scrolled to. */
function topOf(element: HTMLElement): number {
  return element.getBoundingClientRect().top + window.scrollY;
}
