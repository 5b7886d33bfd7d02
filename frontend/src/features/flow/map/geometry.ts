export type Point = { x: number; y: number };
/** An SVG path, and points close enough together to follow it. */
export type LineShape = { path: string; points: Point[] };
/** Where a line has its label: at its station, on the side from which the line does not turn away. */
export type LabelPlace = Point & { isAbove: boolean };

const PORT_GAP = 26;
const BUS_WIDTH = 38;
const BUS_END = 24;
const APPROACH = 14;
const LABEL_X = 14;

/** Pixels: the heights of the stations' stops, from top to bottom, and where lines begin and end. */
export type Stops = { left: number; right: number; rows: number[] };

/** Where the bus and the lines are between measured stops; lines run level, turn by 45°, and run level again. */
export function layOut({ left, right, rows }: Stops) {
  const centre = ((rows[0] ?? 0) + (rows.at(-1) ?? 0)) / 2;
  const height = Math.max(0, rows.length - 1) * PORT_GAP + 2 * BUS_END;
  const bus = {
    x: Math.round((left + right - BUS_WIDTH) / 2),
    y: centre - height / 2,
    width: BUS_WIDTH,
    height,
  };
  const yOf = (row: number) => rows[row] ?? centre;
  const portAt = (row: number) => centre + (row - (rows.length - 1) / 2) * PORT_GAP;
  const approach = Math.min(APPROACH, (bus.x - left) / 4);
  const isAbove = (row: number) => portAt(row) > yOf(row);
  return {
    bus,
    lineIn: (row: number): LineShape => {
      const port = { x: bus.x, y: portAt(row) };
      return line({ x: left, y: yOf(row) }, port, port.x - approach, approach);
    },
    lineOut: (row: number): LineShape => {
      const port = { x: bus.x + BUS_WIDTH, y: portAt(row) };
      const to = { x: right, y: yOf(row) };
      const until = Math.min(port.x + approach + Math.abs(to.y - port.y), right - approach);
      return line(port, to, until, approach);
    },
    labelIn: (row: number): LabelPlace => ({ x: left + LABEL_X, y: yOf(row), isAbove: isAbove(row) }),
    labelOut: (row: number): LabelPlace => ({ x: right - LABEL_X, y: yOf(row), isAbove: isAbove(row) }),
  };
}

/**
 * Level for `approach` at least, then 45°, or steeper where there is no room, so that it is level again from `until` on,
 * with rounded turns.
 */
function line(from: Point, to: Point, until: number, approach: number): LineShape {
  const rise = to.y - from.y;
  if (Math.abs(rise) < 1) return { path: `M${at(from)}L${at(to)}`, points: [from, to] };
  const run = Math.min(Math.abs(rise), until - from.x - approach);
  const slope = Math.hypot(run, rise);
  const curve = Math.min(approach, slope / 2);
  const step = { x: (curve * run) / slope, y: (curve * rise) / slope };
  const first = turn({ x: until - run, y: from.y }, { x: curve, y: 0 }, step);
  const second = turn({ x: until, y: to.y }, step, { x: curve, y: 0 });
  return {
    path: `M${at(from)}${first.path}${second.path}H${to.x}`,
    points: [from, ...first.points, ...second.points, to],
  };
}

/** A turn at a corner, begun one step before it and ended one step after. */
function turn(corner: Point, before: Point, after: Point) {
  const start = { x: corner.x - before.x, y: corner.y - before.y };
  const end = { x: corner.x + after.x, y: corner.y + after.y };
  const middle = { x: (start.x + 2 * corner.x + end.x) / 4, y: (start.y + 2 * corner.y + end.y) / 4 };
  return { path: `L${at(start)}Q${at(corner)} ${at(end)}`, points: [start, middle, end] };
}

function at({ x, y }: Point) {
  return `${round(x)} ${round(y)}`;
}

function round(value: number) {
  return Math.round(value * 10) / 10;
}
