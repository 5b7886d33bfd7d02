type Point = { x: number; y: number };
/** An SVG path, and where beside its station something may stand. */
export type LineShape = { path: string; label: Point };

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
      const path = line(station, { x: bus.x, y: portAt(row) }, bus.x - APPROACH);
      return { path, label: { x: left + LABEL.x, y: station.y + LABEL.y } };
    },
    lineOut: (row: number): LineShape => {
      const port = { x: bus.x + BUS_WIDTH, y: portAt(row) };
      const station = { x: right, y: stationAt(row) };
      const path = line(port, station, port.x + APPROACH + Math.abs(station.y - port.y));
      return { path, label: { x: right - LABEL.x, y: station.y + LABEL.y } };
    },
  };
}

/** Level, then 45° so that it is level again from `until` on, with rounded turns. */
function line(from: Point, to: Point, until: number): string {
  const rise = to.y - from.y;
  if (rise === 0) return `M${from.x} ${from.y}H${to.x}`;
  const down = Math.sign(rise);
  const run = Math.min(Math.abs(rise), until - from.x);
  const slope = Math.hypot(run, rise);
  const [dx, dy] = [(CURVE * run) / slope, (CURVE * Math.abs(rise)) / slope];
  const turn = until - run;
  return [
    `M${from.x} ${from.y}`,
    `H${round(turn - CURVE)}`,
    `Q${round(turn)} ${from.y} ${round(turn + dx)} ${round(from.y + down * dy)}`,
    `L${round(until - dx)} ${round(to.y - down * dy)}`,
    `Q${round(until)} ${to.y} ${round(until + CURVE)} ${to.y}`,
    `H${to.x}`,
  ].join("");
}

function round(value: number) {
  return Math.round(value * 10) / 10;
}
