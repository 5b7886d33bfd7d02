export type Point = { x: number; y: number };
/** An SVG path, points close enough together to follow it, and where beside its station something may stand. */
export type LineShape = { path: string; points: Point[]; label: Point };

export const LEAST_WIDTH = 320;
/** Narrower than this there is room for names and how they do, and for nothing else; Station.module.css knows it, too. */
const NARROW = 640;
const TOP = 26;
const PORT_GAP = 26;
const WIDE_STATION = { row: 128, publisher: 184, subscriber: 268 };
const NARROW_STATION = { row: 104, publisher: 104, subscriber: 122 };
const BUS_WIDTH = 38;
const BUS_END = 24;
const APPROACH = 14;
const CURVE = 14;
const LABEL = { x: 14, y: 20 };

/** Where everything stands on a map of that width, in pixels; lines run level, turn by 45°, and run level again. */
export function layOut(rows: number, width: number) {
  const station = width < NARROW ? NARROW_STATION : WIDE_STATION;
  const height = Math.max(rows, 2) * station.row;
  const left = station.publisher;
  const right = width - station.subscriber;
  const bus = {
    x: Math.round((left + right - BUS_WIDTH) / 2),
    width: BUS_WIDTH,
    height: (rows - 1) * PORT_GAP + 2 * BUS_END,
  };
  const centre = TOP + ((rows - 1) * station.row) / 2;
  const stationAt = (row: number) => TOP + row * station.row;
  const portAt = (row: number) => centre + (row - (rows - 1) / 2) * PORT_GAP;
  return {
    height,
    bus: { ...bus, y: centre - bus.height / 2 },
    publisher: (row: number) => ({ x: 0, y: stationAt(row), width: station.publisher }),
    subscriber: (row: number) => ({ x: right, y: stationAt(row), width: station.subscriber }),
    lineIn: (row: number): LineShape => {
      const from = { x: left, y: stationAt(row) };
      const port = { x: bus.x, y: portAt(row) };
      return {
        ...line(from, port, port.x - APPROACH),
        label: { x: left + LABEL.x, y: from.y + LABEL.y },
      };
    },
    lineOut: (row: number): LineShape => {
      const port = { x: bus.x + BUS_WIDTH, y: portAt(row) };
      const to = { x: right, y: stationAt(row) };
      const level = Math.min(port.x + APPROACH + Math.abs(to.y - port.y), right - APPROACH);
      return { ...line(port, to, level), label: { x: right - LABEL.x, y: to.y + LABEL.y } };
    },
  };
}

/** Level, then 45°, or steeper where there is no room, so that it is level again from `until` on, with rounded turns. */
function line(from: Point, to: Point, until: number): Pick<LineShape, "path" | "points"> {
  const rise = to.y - from.y;
  if (rise === 0) return { path: `M${at(from)}H${to.x}`, points: [from, to] };
  const run = Math.min(Math.abs(rise), until - from.x - APPROACH);
  const slope = Math.hypot(run, rise);
  const step = { x: (CURVE * run) / slope, y: (CURVE * rise) / slope };
  const first = turn({ x: until - run, y: from.y }, { x: CURVE, y: 0 }, step);
  const second = turn({ x: until, y: to.y }, step, { x: CURVE, y: 0 });
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
