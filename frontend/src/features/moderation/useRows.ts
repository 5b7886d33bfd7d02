import { type FocusEvent, type RefObject, useRef } from "react";

/** Moves the keyboard from row to row; it goes on from the row that was last entered, also after a look elsewhere. */
export function useRows(list: RefObject<HTMLElement | null>) {
  const last = useRef<HTMLElement | null>(null);
  return {
    remember: ({ target }: FocusEvent) => {
      last.current = target.closest("article");
    },
    focusRow: (step: 1 | -1) => {
      const rows = [...(list.current?.querySelectorAll("article") ?? [])];
      const at = last.current ? rows.indexOf(last.current) : -1;
      rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus();
    },
  };
}
