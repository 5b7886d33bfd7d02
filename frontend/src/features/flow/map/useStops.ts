import { useCallback, useLayoutEffect, useRef, useState } from "react";
import type { Stops } from "./geometry.ts";

const NONE: Stops = { left: 0, right: 0, rows: [] };

/**
 * Where the stations of the sheet that the ref is given to have their stops, measured from its corner. The browser lays
 * out the stations, so text has the room it needs in any font; when their sizes change, it is measured again.
 */
export function useStops(rows: unknown) {
  const sheet = useRef<HTMLDivElement>(null);
  const [stops, setStops] = useState<Stops>(NONE);
  const measure = useCallback(() => {
    if (!sheet.current) return;
    const found = measured(sheet.current);
    setStops((known) => (JSON.stringify(known) === JSON.stringify(found) ? known : found));
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows are other stations
  useLayoutEffect(() => {
    if (!sheet.current) return;
    measure();
    const observer = new ResizeObserver(measure);
    for (const element of [sheet.current, ...sheet.current.querySelectorAll("[data-node]")]) {
      observer.observe(element);
    }
    return () => observer.disconnect();
  }, [rows, measure]);
  return { sheet, stops };
}

function measured(sheet: HTMLElement): Stops {
  const corner = sheet.getBoundingClientRect();
  const rows: number[] = [];
  let [left, right] = [0, corner.width];
  for (const stop of sheet.querySelectorAll<HTMLElement>("[data-stop]")) {
    const { x, y, width, height } = stop.getBoundingClientRect();
    const [kind, row] = (stop.dataset.stop ?? "").split(" ");
    rows[Number(row)] = round(y + height / 2 - corner.y);
    if (kind === "in") left = Math.max(left, round(x + width / 2 - corner.x));
    else right = Math.min(right, round(x + width / 2 - corner.x));
  }
  return { left, right, rows };
}

function round(value: number) {
  return Math.round(value * 10) / 10;
}
