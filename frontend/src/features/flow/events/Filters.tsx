import { type ChangeEvent, useId } from "react";
import { useNavigate, useSearchParams } from "react-router";
import type { Filter } from "../api/events.ts";
import { FlowTo } from "../FlowTo.tsx";
import { STATE_WORDS } from "../say.ts";
import { changed } from "../view.ts";
import styles from "./Filters.module.css";

type Props = { filter: Filter; types: string[]; services: string[] };
type Options = [value: string, label: string][];

/** Narrows the list of events; the address keeps it. */
export function Filters({ filter, types, services }: Props) {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const pick = (name: keyof Filter, isTyped = false) => ({
    value: filter[name] ?? "",
    onChange: ({ target }: ChangeEvent<HTMLSelectElement | HTMLInputElement>) =>
      navigate(changed(search, { [name]: target.value }), { replace: isTyped }),
  });
  const subject = useId();
  return (
    <search className={styles.filters}>
      <Pick label="Type" options={types.map((type) => [type, type])} {...pick("type")} />
      <Pick label="Service" options={services.map((name) => [name, name])} {...pick("service")} />
      <Pick label="State" options={Object.entries(STATE_WORDS)} {...pick("state")} />
      <span className={styles.filter} data-wide="true">
        <label htmlFor={subject}>Subject</label>
        <input id={subject} type="text" placeholder="any" spellCheck={false} {...pick("subject", true)} />
      </span>
      {Object.keys(filter).length > 0 && (
        <FlowTo change={{ type: null, service: null, state: null, subject: null }}>All events</FlowTo>
      )}
    </search>
  );
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
