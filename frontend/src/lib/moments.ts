const DAY_MS = 86_400_000;

/** What was written here so lately that it may still be on its way to the read model. */
export function isRecent(createdAt: string | null): boolean {
  return createdAt === null || Date.parse(createdAt) > Date.now() - DAY_MS;
}

type Dated = { createdAt: string | null };

/** Sorted by when they were written; as they came, if a service does not tell that of each. */
export function inOrder<T extends Dated>(things: T[], compare: (one: number, other: number) => number): T[] {
  const at = new Map(things.map((thing) => [thing, Date.parse(thing.createdAt ?? "")]));
  if ([...at.values()].some(Number.isNaN)) return things;
  return things.toSorted((one, other) => compare(at.get(one) as number, at.get(other) as number));
}

/** Milliseconds; -Infinity where nothing tells when it was written. */
export function earliest(things: Dated[]): number {
  const moments = things.flatMap(({ createdAt }) => (createdAt === null ? [] : Date.parse(createdAt)));
  return moments.length > 0 ? Math.min(...moments) : -Infinity;
}
