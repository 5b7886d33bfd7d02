import { useEffect, useEffectEvent } from "react";
import { readStored, storedFlag, useStored } from "../../lib/stored.ts";

const STORED = "blogbus:desk-keys";
const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable]";

type Press = Pick<KeyboardEvent, "target" | "ctrlKey" | "metaKey" | "altKey">;

/** Whether a single key is meant as a command: not while typing, not as part of a chord, and not when turned off. */
export function isCommand({ target, ctrlKey, metaKey, altKey }: Press): boolean {
  const isTyping = target instanceof Element && target.closest(FIELDS) !== null;
  return !isTyping && !ctrlKey && !metaKey && !altKey && readStored(STORED, true, storedFlag);
}

/** Single keys that work all over the page, except under an open dialog. */
export function useKeys(commands: Record<string, () => void>) {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const command = commands[event.key];
    if (!command || !isCommand(event) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    command();
  });
  useEffect(() => {
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

/** People who dictate, or whose hands slip, can turn single keys off. */
export function useKeySwitch() {
  const [areOn, update] = useStored(STORED, true, storedFlag);
  return { areOn, turn: (on: boolean) => update(() => on) };
}
