import { useEffect, useMemo, useRef } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useHere } from "../../lib/useHere.ts";
import type { Filter } from "./api/events.ts";
import type { DeliveryState } from "./types.ts";

const OPEN = ["event", "contract", "subscription", "subscribe", "tool"] as const;
const STATES: string[] = ["settled", "waiting", "parked", "dead", "discarded"] satisfies DeliveryState[];

export type OpenedThing = { kind: (typeof OPEN)[number]; id: string };
export type Change = Partial<Record<(typeof OPEN)[number] | keyof Filter, string | null>>;

const NAMES = ["type", "service", "subject", "text", "id"] as const;
const TIMES = ["since", "until"] as const;

/** A change after which every event is listed. */
export const UNFILTERED: Change = Object.fromEntries(
  [...NAMES, ...TIMES, "state"].map((name) => [name, null]),
);
/** A change after which nothing is open. */
export const CLOSED: Change = Object.fromEntries(OPEN.map((kind) => [kind, null]));

/** What the address says is shown: what the list is narrowed to, and what is open beside it. */
export function useView(): { filter: Filter; opened: OpenedThing | null } {
  const [search] = useSearchParams();
  return useMemo(() => {
    const kind = OPEN.find((each) => search.get(each));
    const state = search.get("state");
    const filter: Filter = {
      ...named(search, NAMES),
      ...named(search, TIMES, isMoment),
      ...(state && STATES.includes(state) && { state: state as DeliveryState }),
    };
    return { filter, opened: kind ? { kind, id: search.get(kind) as string } : null };
  }, [search]);
}

/** Closes what is of this kind, and of this name if one is given, if it is still open: people go on while they wait. */
export function useClose(): (kind: OpenedThing["kind"], id?: string) => void {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const here = useHere();
  const now = useRef(search);
  useEffect(() => {
    now.current = search;
  }, [search]);
  return (kind, id) => {
    const open = now.current.get(kind);
    if (here.current && open && (!id || open === id)) navigate(changed(now.current, CLOSED));
  };
}

/** The address's search after a change; null takes away, and only one thing is open at a time. */
export function changed(search: URLSearchParams, change: Change): string {
  const next = new URLSearchParams(search);
  if (OPEN.some((kind) => change[kind])) for (const kind of OPEN) next.delete(kind);
  for (const [key, value] of Object.entries(change)) {
    if (value) next.set(key, value);
    else next.delete(key);
  }
  return `?${next}`;
}

function named(
  search: URLSearchParams,
  keys: readonly string[],
  isValid: (value: string) => boolean = () => true,
): Record<string, string> {
  const given = keys.map((key) => [key, search.get(key) ?? ""] as const);
  return Object.fromEntries(given.filter(([, value]) => value && isValid(value)));
}

/** As the bus takes it; a wrong one in the address is as none. */
function isMoment(value: string) {
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}
