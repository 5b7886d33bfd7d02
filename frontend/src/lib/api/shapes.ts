/** What can be made of JSON that somebody else's service wrote: a value of the wanted kind, or null. Nothing throws. */

type Fields = Record<string, unknown>;

export function fieldsOf(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** A number is taken as text: an id may be one. */
export function textOf(value: unknown): string | null {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return typeof value === "string" ? value : null;
}

/** A moment in RFC 3339, from what `Date` reads or from milliseconds; null where that is no moment. */
export function momentOf(value: unknown): string | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return null;
  return typeof value === "string" ? value : date.toISOString();
}

export function countOf(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

/** The things in an answer, each with the key it stands under: an array, an object keyed by id, or arrays in an object. */
export function thingsIn(value: unknown): [key: string | null, thing: Fields][] {
  if (Array.isArray(value)) return value.flatMap((item) => under(null, item));
  return Object.entries(fieldsOf(value) ?? {}).flatMap(([key, item]) =>
    Array.isArray(item) ? thingsIn(item) : under(key, item),
  );
}

function under(key: string | null, item: unknown): [string | null, Fields][] {
  const thing = fieldsOf(item);
  return thing ? [[key, thing]] : [];
}
