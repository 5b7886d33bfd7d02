import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from "react";
import type { DeadLetter } from "../types.ts";

/** When the letter that holds the keyboard goes, the next one takes it, or the heading: not the top of the page. */
export function useKeptFocus(
  list: RefObject<HTMLElement | null>,
  heading: RefObject<HTMLElement | null>,
  letters: DeadLetter[] | undefined,
) {
  const holder = useRef<Element | null>(null);
  const place = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are what moves the places
  useLayoutEffect(() => {
    if (!list.current) holder.current = null;
    if (!list.current || !holder.current) return;
    const items = [...list.current.children];
    const now = items.indexOf(holder.current);
    if (now >= 0) {
      place.current = now;
      return;
    }
    holder.current = null;
    const next = items[place.current]?.querySelector("a") ?? heading.current;
    if (document.activeElement === document.body) next?.focus();
  }, [letters]);
  /** For focus and blur; a letter that is taken away while it has the focus is not left by a blur. */
  return ({ type, target }: FocusEvent) => {
    holder.current = type === "focus" ? target.closest("li") : null;
    if (holder.current) place.current = [...(list.current?.children ?? [])].indexOf(holder.current);
  };
}
