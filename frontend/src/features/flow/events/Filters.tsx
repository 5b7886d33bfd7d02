import { type ChangeEvent, useEffect, useEffectEvent, useId, useState } from "react";
import { useLocation, useNavigate, useNavigationType, useSearchParams } from "react-router";
import type { Filter } from "../api/events.ts";
import { FlowTo } from "../FlowTo.tsx";
import { STATE_WORDS } from "../say.ts";
import { changed } from "../view.ts";
import styles from "./Filters.module.css";

/** After the last letter; before that the list would be asked for what nobody meant. */
const TYPING_MS = 300;

type Props = { filter: Filter; types: string[]; services: string[] };
type Options = [value: string, label: string][];

/** Narrows the list of events; the address keeps it. */
export function Filters({ filter, types, services }: Props) {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const pick = (name: keyof Filter) => ({
    value: filter[name] ?? "",
    onChange: ({ target }: ChangeEvent<HTMLSelectElement>) =>
      navigate(changed(search, { [name]: target.value })),
  });
  return (
    <search className={styles.filters}>
      <Pick label="Type" options={types.map((type) => [type, type])} {...pick("type")} />
      <Pick label="Service" options={services.map((name) => [name, name])} {...pick("service")} />
      <Pick label="State" options={Object.entries(STATE_WORDS)} {...pick("state")} />
      <Subject
        subject={filter.subject ?? ""}
        onTyped={(subject) => navigate(changed(search, { subject }), { replace: true })}
      />
      {Object.keys(filter).length > 0 && (
        <FlowTo change={{ type: null, service: null, state: null, subject: null }}>All events</FlowTo>
      )}
    </search>
  );
}

type SubjectProps = { subject: string; onTyped: (subject: string) => void };

function Subject({ subject, onTyped }: SubjectProps) {
  const id = useId();
  const { text, type, settle } = useTyped(subject, onTyped);
  return (
    <span className={styles.filter} data-wide="true">
      <label htmlFor={id}>Subject</label>
      <input
        id={id}
        type="text"
        dir="auto"
        placeholder="any"
        spellCheck={false}
        value={text}
        onChange={({ target }) => type(target.value)}
        onKeyDown={({ key }) => key === "Enter" && settle()}
        onBlur={settle}
      />
    </span>
  );
}

/**
 * What is being typed is the field's own: the address comes after, and late. The field follows the address when that
 * changes otherwise, by a link or the back button.
 */
function useTyped(subject: string, onTyped: (subject: string) => void) {
  const { key } = useLocation();
  const wasReplaced = useNavigationType() === "REPLACE";
  const [text, type] = useState(subject);
  const [seen, setSeen] = useState(key);
  if (key !== seen) {
    setSeen(key);
    if (!wasReplaced) type(subject);
  }
  const settle = () => {
    if (text !== subject) onTyped(text);
  };
  const settled = useEffectEvent(settle);
  useEffect(() => {
    if (text === subject) return;
    const wait = setTimeout(settled, TYPING_MS);
    return () => clearTimeout(wait);
  }, [text, subject]);
  return { text, type, settle };
}

type PickProps = {
  label: string;
  options: Options;
  value: string;
  onChange: (event: ChangeEvent<HTMLSelectElement>) => void;
};

function Pick({ label, options, value, onChange }: PickProps) {
  const id = useId();
  const isOffered = value === "" || options.some(([each]) => each === value);
  return (
    <span className={styles.filter}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={onChange}>
        <option value="">any</option>
        {!isOffered && <option value={value}>{value}</option>}
        {options.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
    </span>
  );
}
