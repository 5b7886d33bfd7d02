import { useState } from "react";
import type { Judged } from "./types.ts";

/** What one request can decide on. */
const MOST = 100;

/** The comments that are selected, of those on the desk. */
export function useSelection(rows: Judged[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [anchor, setAnchor] = useState<string>();
  const selected = rows.filter(({ id }) => ids.has(id));

  const chosen = selected.map(({ id }) => id);
  const keep = (next: Iterable<string>) => setIds(new Set([...next].slice(0, MOST)));
  const placeOf = (id: string | undefined) => rows.findIndex((row) => row.id === id);
  return {
    selected,
    /** No more can be added. */
    isFull: selected.length === MOST,
    isSelected: ({ id }: Judged) => ids.has(id),
    /** Selects it or no longer; as a range, also all between it and the one before. */
    select: ({ id }: Judged, isRange: boolean) => {
      const [from, to] = [placeOf(anchor), placeOf(id)].sort((a, b) => a - b) as [number, number];
      if (isRange && from >= 0) keep([...chosen, ...rows.slice(from, to + 1).map((row) => row.id)]);
      else keep(ids.has(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
      setAnchor(id);
    },
    selectOnly: (next: Iterable<string>) => keep(next),
    /** Whatever was selected since stays so. */
    deselect: (done: string[]) => setIds((now) => new Set([...now].filter((id) => !done.includes(id)))),
  };
}
