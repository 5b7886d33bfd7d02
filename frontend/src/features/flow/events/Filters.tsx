import { type ChangeEvent, useEffect, useEffectEvent, useId, useRef, useState } from "react";
import { useLocation, useNavigate, useNavigationType, useSearchParams } from "react-router";
import type { Filter } from "../api/events.ts";
import { FlowTo } from "../FlowTo.tsx";
import { localOf, rfc3339 } from "../moments.ts";
import { STATE_WORDS } from "../say.ts";
import { changed, UNFILTERED } from "../view.ts";
import styles from "./Filters.module.css";

/** After the last letter; before that the list would be asked for what nobody meant. */
const TYPING_MS = 300;
/** The bus searches no longer text. */
const LONGEST = 200;

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
  const typed = (name: keyof Filter) => ({
    value: filter[name] ?? "",
    onTyped: (value: string) => navigate(changed(search, { [name]: value }), { replace: true }),
  });
  return (
    <search className={styles.filters}>
      <Words label="Text" hint="in the payload" {...typed("text")} />
      <Pick label="Type" options={types.map((type) => [type, type])} {...pick("type")} />
      <Pick label="Service" options={services.map((name) => [name, name])} {...pick("service")} />
      <Pick label="State" options={Object.entries(STATE_WORDS)} {...pick("state")} />
      <Words label="Subject" hint="a whole id" {...typed("subject")} />
      <Words label="Event id" hint="how it begins" {...typed("id")} />
      <span className={styles.times}>
        <Moment label="From" {...typed("since")} />
        <Moment label="Until" {...typed("until")} />
      </span>
      {Object.keys(filter).length > 0 && <FlowTo change={UNFILTERED}>Clear filters</FlowTo>}
      {filter.text && (
        <p className={styles.note}>
          Searches the first 200 characters of each text, up to 500 bytes per event, in indexed events.
        </p>
      )}
    </search>
  );
}

type TypedProps = { label: string; value: string; onTyped: (value: string) => void };

function Words({ label, hint, value, onTyped }: TypedProps & { hint: string }) {
  const id = useId();
  const { text, type, settle } = useTyped(value, onTyped);
  return (
    <span className={styles.filter} data-wide="true">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        dir="auto"
        placeholder={hint}
        maxLength={LONGEST}
        spellCheck={false}
        value={text}
        onChange={({ target }) => type(target.value)}
        onKeyDown={({ key }) => key === "Enter" && settle()}
        onBlur={settle}
      />
    </span>
  );
}

/** A moment in the reader's zone; in the address with the zone. */
function Moment({ label, value, onTyped }: TypedProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { text, type, settle } = useTyped(value && localOf(value), (local) => {
    // Half typed, it is as empty as one that was cleared.
    if (!input.current?.validity.badInput) onTyped(rfc3339(local) ?? "");
  });
  return (
    <span className={styles.filter}>
      <label htmlFor={id}>{label}</label>
      <input
        ref={input}
        id={id}
        type="datetime-local"
        step="1"
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
function useTyped(value: string, onTyped: (value: string) => void) {
  const { key } = useLocation();
  const wasReplaced = useNavigationType() === "REPLACE";
  const [text, type] = useState(value);
  const [seen, setSeen] = useState(key);
  if (key !== seen) {
    setSeen(key);
    if (!wasReplaced) type(value);
  }
  const settle = () => {
    if (text !== value) onTyped(text);
  };
  const settled = useEffectEvent(settle);
  useEffect(() => {
    if (text === value) return;
    const wait = setTimeout(settled, TYPING_MS);
    return () => clearTimeout(wait);
  }, [text, value]);
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
