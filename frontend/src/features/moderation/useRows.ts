import { type FocusEvent, type RefObject, useRef } from "react";

/** Moves the keyboard from row to row; it goes on from the row that was last entered, also after a look elsewhere. */
export function useRows(list: RefObject<HTMLElement | null>) {
  const last = useRef<HTMLElement | null>(null);
  const rowsNow = () => [...(list.current?.querySelectorAll<HTMLElement>("article") ?? [])];
  const rowOf = (id: string) => rowsNow().find((row) => row.dataset.comment === id);
  return {
    rowOf,
    /** Whether the keyboard is at one of these rows, and in no form of it. */
    isAt: (ids: string[]) => {
      const at = document.activeElement;
      const id = at?.closest<HTMLElement>("article")?.dataset.comment;
      return id !== undefined && ids.includes(id) && !at?.closest("form");
    },
    remember: ({ target }: FocusEvent) => {
      last.current = target.closest("article");
    },
    focusRowAt: (place: number) => (rowsNow()[place] ?? rowsNow().at(-1) ?? list.current)?.focus(),
    focusRowOf: (id: string) => rowOf(id)?.focus(),
    focusFirst: () => rowsNow()[0]?.focus(),
    focusRow: (step: 1 | -1) => {
      const rows = rowsNow();
      const at = last.current ? rows.indexOf(last.current) : -1;
      rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus();
    },
    /** Leaves the keyboard in its row if none follows. */
    focusAfter: (id: string) => {
      const rows = rowsNow();
      const row = rowOf(id);
      (row && (rows[rows.indexOf(row) + 1] ?? row))?.focus();
    },
  };
}
