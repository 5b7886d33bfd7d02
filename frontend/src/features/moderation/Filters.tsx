import { type FormEvent, type ReactNode, type RefObject, useEffect, useRef } from "react";
import { Link, useNavigate } from "react-router";
import { Isolated } from "../../lib/ui/Isolated.tsx";
import { type Asked, addressOf, type Partly, RULES } from "./asked.ts";
import styles from "./Filters.module.css";
import { useKeys } from "./useKeys.ts";
import { usePostTitle } from "./usePostTitle.ts";
import { RULE_NAMES } from "./words.ts";

const LONGEST = 200;
const ORDERS = { newest: "Newest first", oldest: "Oldest first" };

/** Narrows and orders what the desk shows; the address keeps it. */
export function Filters({ asked }: { asked: Asked }) {
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  useKeys({ "/": () => field.current?.focus() });
  const change = (changes: Partly) => navigate(addressOf({ ...asked, ...changes }));
  return (
    <search className={styles.filters}>
      <TextSearch field={field} q={asked.q ?? ""} onSearch={(q) => change({ q })} />
      <select
        aria-label="Rule"
        value={asked.rule ?? ""}
        onChange={({ target }) => change({ rule: RULES.find((rule) => rule === target.value) })}
      >
        <option value="">Any rule</option>
        {RULES.map((rule) => (
          <option key={rule} value={rule}>
            {RULE_NAMES[rule]}
          </option>
        ))}
      </select>
      <select
        aria-label="Order"
        value={asked.order}
        onChange={({ target }) => change({ order: target.value === "oldest" ? "oldest" : "newest" })}
      >
        {Object.entries(ORDERS).map(([order, name]) => (
          <option key={order} value={order}>
            {name}
          </option>
        ))}
      </select>
      {asked.author && (
        <Narrowed to={addressOf({ ...asked, author: undefined })}>
          By <Isolated text={asked.author} />
        </Narrowed>
      )}
      {asked.post && <OfPost asked={asked} post={asked.post} />}
    </search>
  );
}

type SearchProps = {
  field: RefObject<HTMLInputElement | null>;
  q: string;
  onSearch: (q: string | undefined) => void;
};

/** Enter searches; an emptied field shows all again. What is typed meanwhile stays; otherwise it follows the address. */
function TextSearch({ field, q, onSearch }: SearchProps) {
  useEffect(() => {
    if (field.current && document.activeElement !== field.current) field.current.value = q;
  }, [field, q]);
  function submit(event: FormEvent) {
    event.preventDefault();
    const text = field.current?.value.trim() ?? "";
    if (text !== q) onSearch(text || undefined);
  }
  return (
    <form className={styles.search} onSubmit={submit}>
      <input
        ref={field}
        type="search"
        aria-label="Search in texts and names"
        placeholder="Search in texts and names"
        defaultValue={q}
        maxLength={LONGEST}
        dir="auto"
        enterKeyHint="search"
        onChange={({ target }) => target.value === "" && q && onSearch(undefined)}
      />
      <button type="submit" className="quiet">
        Search
      </button>
    </form>
  );
}

function OfPost({ asked, post }: { asked: Asked; post: string }) {
  return (
    <Narrowed to={addressOf({ ...asked, post: undefined })}>
      On <Isolated text={usePostTitle(post)} instead="one post" />
    </Narrowed>
  );
}

/** What the list is narrowed to, and the way out of it. */
function Narrowed({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link className={styles.narrowed} to={to}>
      <span className="unseen">Remove filter: </span>
      <span className={styles.what}>{children}</span>
      <span aria-hidden="true">×</span>
    </Link>
  );
}
