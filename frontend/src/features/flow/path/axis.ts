import type { Bar } from "./waterfall.ts";

/** A stretch that is so much longer than all shorter ones together would leave nothing of them to see. */
const FAR_LONGER = 4;
const LEAST_MS = 100;
/** It is folded: it gets this part of the room that they have. */
const FOLDED = 0.25;

export type Fold = { left: number; width: number; lasts: number };
/** One time axis; `at` is where a bar begins or ends, as a percentage of its width. */
export type Axis = { began: number; lasts: number; at: (moment: number) => number; folds: Fold[] };

/** The axis on which all of these bars lie. Where nothing begins or ends for long, it is folded. */
export function axisOf(bars: Bar[]): Axis {
  const moments = [...new Set(bars.flatMap(({ from, to }) => [from, to]))].sort((one, other) => one - other);
  const began = moments[0] ?? 0;
  const stretches = moments
    .slice(1)
    .map((to, index) => ({ from: moments[index] ?? to, to, room: 0, isFolded: false }));
  let shorter = 0;
  for (const stretch of [...stretches].sort((one, other) => lengthOf(one) - lengthOf(other))) {
    const length = lengthOf(stretch);
    stretch.isFolded = shorter > 0 && length > LEAST_MS && length > FAR_LONGER * shorter;
    stretch.room = stretch.isFolded ? FOLDED * shorter : length;
    shorter += stretch.room;
  }
  const places = new Map([[began, 0]]);
  const folds: Fold[] = [];
  let left = 0;
  for (const stretch of stretches) {
    const width = (100 * stretch.room) / (shorter || 1);
    if (stretch.isFolded) folds.push({ left, width, lasts: lengthOf(stretch) });
    left += width;
    places.set(stretch.to, left);
  }
  const lasts = (moments.at(-1) ?? began) - began;
  return { began, lasts, at: (moment) => places.get(moment) ?? 0, folds };
}

function lengthOf({ from, to }: { from: number; to: number }): number {
  return to - from;
}
