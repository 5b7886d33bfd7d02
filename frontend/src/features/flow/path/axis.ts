import type { Bar } from "./waterfall.ts";

/** Stretches that are so much longer than all others together would leave nothing of these to see. */
const FAR_LONGER = 4;
const LEAST_MS = 100;
/** So they are folded: each gets this part of the room of the others. With more folds, nothing would be to scale. */
const FOLDED = 0.25;
const MOST_FOLDS = 3;

type Stretch = { from: number; to: number };
export type Fold = { left: number; width: number; lasts: number };
/** One time axis; `at` is where a bar begins or ends, as a percentage of its width. */
export type Axis = { began: number; lasts: number; at: (moment: number) => number; folds: Fold[] };

/** The axis on which all of these bars lie. Where nothing begins or ends for long, it is folded. */
export function axisOf(bars: Bar[]): Axis {
  const moments = [...new Set(bars.flatMap(({ from, to }) => [from, to]))].sort((one, other) => one - other);
  const began = moments[0] ?? 0;
  const stretches = moments.slice(1).map((to, index) => ({ from: moments[index] ?? to, to }));
  const longest = [...stretches].sort((one, other) => lengthOf(other) - lengthOf(one));
  const count = foldsAmong(longest.map(lengthOf));
  const folded = new Set(longest.slice(0, count));
  const unfolded = sum(longest.slice(count).map(lengthOf));
  const room = unfolded * (1 + count * FOLDED) || 1;
  const places = new Map([[began, 0]]);
  const folds: Fold[] = [];
  let left = 0;
  for (const stretch of stretches) {
    const isFolded = folded.has(stretch);
    const width = (100 * (isFolded ? unfolded * FOLDED : lengthOf(stretch))) / room;
    if (isFolded) folds.push({ left, width, lasts: lengthOf(stretch) });
    left += width;
    places.set(stretch.to, left);
  }
  const lasts = (moments.at(-1) ?? began) - began;
  return { began, lasts, at: (moment) => places.get(moment) ?? 0, folds };
}

/** How many of the longest are folded, of lengths in falling order. */
function foldsAmong(lengths: number[]): number {
  for (let count = MOST_FOLDS; count > 0; count--) {
    const others = sum(lengths.slice(count));
    if (others > 0 && (lengths[count - 1] ?? 0) > Math.max(LEAST_MS, FAR_LONGER * others)) return count;
  }
  return 0;
}

function lengthOf({ from, to }: Stretch): number {
  return to - from;
}

function sum(lengths: number[]): number {
  return lengths.reduce((all, length) => all + length, 0);
}
