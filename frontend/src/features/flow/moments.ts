const MINUTE_MS = 60_000;
const LEAP_SECOND = /(?<=:\d\d:)60/;

/** Milliseconds; a leap second, which `Date` cannot read, is the second after it, as for the bus. */
export function timeOf(iso: string): number {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? Date.parse(iso.replace(LEAP_SECOND, "59")) + 1_000 : time;
}

/** Milliseconds with their fraction, which `Date` drops. */
export function exactTimeOf(iso: string): number {
  return timeOf(iso) + Number(`0.${iso.match(/\.\d{3}(\d+)/)?.[1] ?? 0}`);
}

/** A local time, as an input gives it, with its zone; undefined while it is half typed. */
export function rfc3339(local: string): string | undefined {
  const time = Date.parse(local);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** A moment as an input for local times takes it, to the second. */
export function localOf(iso: string): string {
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 19);
}
