export type Point = { x: number; y: number };
/** An SVG path, points close enough together to follow it, and where beside its station something may stand. */
export type LineShape = { path: string; points: Point[]; label: Point };

export const ROW = 116;
export const LEAST_WIDTH = 760;
const TOP = 26;
const PORT_GAP = 26;
const STATION = { publisher: 176, subscriber: 268 };
const BUS_WIDTH = 38;
const BUS_END = 24;
const APPROACH = 14;
const CURVE = 14;
const LABEL = { x: 14, y: 20 };

/** Where everything stands on a map of that width, in pixels; lines run level, turn by 45°, and run level again. */
export function layOut(rows: number, width: number) {
  const height = Math.max(rows, 2) * ROW;
  const left = STATION.publisher;
  const right = width - STATION.subscriber;
  const bus = {
    x: Math.round((left + right - BUS_WIDTH) / 2),
    width: BUS_WIDTH,
    height: (rows - 1) * PORT_GAP + 2 * BUS_END,
  };
  const centre = TOP + ((rows - 1) * ROW) / 2;
  const stationAt = (row: number) => TOP + row * ROW;
  const portAt = (row: number) => centre + (row - (rows - 1) / 2) * PORT_GAP;
  return {
    height,
    bus: { ...bus, y: centre - bus.height / 2 },
    publisher: (row: number) => ({ x: 0, y: stationAt(row), width: STATION.publisher }),
    subscriber: (row: number) => ({ x: right, y: stationAt(row), width: STATION.subscriber }),
    lineIn: (row: number): LineShape => {
      const station = { x: left, y: stationAt(row) };
      const port = { x: bus.x, y: portAt(row) };
      return {
        ...line(station, port, port.x - APPROACH),
        label: { x: left + LABEL.x, y: station.y + LABEL.y },
      };
    },
    lineOut: (row: number): LineShape => {
      const port = { x: bus.x + BUS_WIDTH, y: portAt(row) };
      const station = { x: right, y: stationAt(row) };
      const level = port.x + APPROACH + Math.abs(station.y - port.y);
      return { ...line(port, station, level), label: { x: right - LABEL.x, y: station.y + LABEL.y } };
    },
  };
}

/** Level, then 45° so that it is level again from `until` on, with rounded turns. */
function line(from: Point, to: Point, until: number): Pick<LineShape, "path" | "points"> {
  const rise = to.y - from.y;
  if (rise === 0) return { path: `M${at(from)}H${to.x}`, points: [from, to] };
  const run = Math.min(Math.abs(rise), until - from.x);
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
