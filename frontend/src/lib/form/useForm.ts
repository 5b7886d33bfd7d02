import { useMutation } from "@tanstack/react-query";
import { type ChangeEvent, type FormEvent, useState } from "react";
import { fieldsOf } from "../api/shapes.ts";
import { Problem } from "../problem.ts";
import { PER_TAB, storedText, useStored } from "../stored.ts";
import { check, type Rules } from "./check.ts";

export type Draft = Record<string, string>;
type Errors = Record<string, string>;
type Change = ChangeEvent<HTMLInputElement | HTMLTextAreaElement>;

const EMPTY: Draft = {};
const NEVER = { key: "", sent: "" };

/** A form whose draft outlives failures and reloads, and is its tab's own; the author's name is remembered for all forms. */
export function useForm<Name extends string, Answer>(
  draftKey: string,
  rules: Rules<Name>,
  send: (values: Record<Name, string>, key: string) => Promise<Answer>,
  onSent: (answer: Answer) => void,
  initial: Partial<Record<Name, string>> = {},
) {
  const [draft, updateDraft] = useStored(`${PER_TAB}draft:${draftKey}`, EMPTY, decodeDraft);
  const [author, updateAuthor] = useStored("blogbus:author", "", storedText);
  const [attempt, updateAttempt] = useStored(`${PER_TAB}attempt:${draftKey}`, NEVER, decodeAttempt);
  const [errors, setErrors] = useState<Errors>({});
  const names = Object.keys(rules) as Name[];
  const textIn = (words: Draft, name: Name) => words[name] ?? initial[name] ?? "";
  const read = (name: Name) => (name === "author" ? author : textIn(draft, name));
  const values = Object.fromEntries(names.map((name) => [name, read(name)])) as Record<Name, string>;

  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (sent: Record<Name, string>) => send(sent, keyOf(sent)),
    onSuccess: (answer, sent) => {
      // The page may have been left, and come back to with other words.
      updateDraft((now) =>
        names.every((name) => name === "author" || textIn(now, name) === sent[name]) ? EMPTY : now,
      );
      updateAttempt((now) => (now.sent === JSON.stringify(sent) ? NEVER : now));
      onSent(answer);
    },
  });

  function change(name: Name, value: string) {
    if (name === "author") updateAuthor(() => value);
    else updateDraft((old) => ({ ...old, [name]: value }));
    setErrors(({ [name]: _, ...others }) => others);
    reset();
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isPending) return;
    const form = event.currentTarget;
    const found = check(rules, values);
    showErrors(form, found);
    if (Object.keys(found).length > 0) return;
    mutate(values, {
      onError: (failure) => showErrors(form, failure instanceof Problem ? failure.fields : {}),
    });
  }

  /** The same words sent again, because no answer came, are the same write. */
  function keyOf(values: Record<Name, string>) {
    const sent = JSON.stringify(values);
    const key = attempt.sent === sent ? attempt.key : randomKey();
    updateAttempt(() => ({ key, sent }));
    return key;
  }

  function showErrors(form: HTMLFormElement, found: Errors) {
    setErrors(found);
    const first = names.find((name) => name in found);
    const field = first && form.elements.namedItem(first);
    if (field instanceof HTMLElement) field.focus();
  }

  const isExplained = names.some((name) => name in errors);
  return {
    submit,
    /** Back to what it began with. */
    forget: () => updateDraft(() => EMPTY),
    /** For what is no text field. */
    set: change,
    isBlank: names.every((name) => name === "author" || draft[name] === undefined || draft[name] === ""),
    sending: { isSending: isPending, failure: error && !isExplained ? error.message : undefined },
    field: (name: Name) => ({
      name,
      value: values[name],
      limit: rules[name].limit,
      error: errors[name],
      readOnly: isPending,
      onChange: ({ target }: Change) => change(name, target.value),
    }),
  };
}

/** What is no text in it is left out. */
export function decodeDraft(stored: unknown): Draft {
  const fields = Object.entries(fieldsOf(stored) ?? {});
  return Object.fromEntries(
    fields.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}

function decodeAttempt(stored: unknown) {
  const { key = "", sent = "" } = decodeDraft(stored);
  return key && sent ? { key, sent } : null;
}

/** `crypto.randomUUID` exists on secure origins only. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
}
