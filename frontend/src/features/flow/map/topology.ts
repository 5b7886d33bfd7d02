import type { Contract, Subscription } from "../types.ts";

/** One line of the map's table: a service that publishes, one that subscribes, or both. */
export type Row = { publisher: string | undefined; subscriber: string | undefined };

/** Who stands where: a service that does both stands on one row, and the others share theirs in pairs. */
export function rowsOf(contracts: Contract[], subscriptions: Subscription[], sources: string[]): Row[] {
  const publishers = unique([...contracts.map(({ publisher }) => publisher), ...sources]);
  const subscribers = subscriptions.filter(({ types }) => types.length > 0).map(({ name }) => name);
  const both = publishers.filter((name) => subscribers.includes(name));
  const publishing = publishers.filter((name) => !both.includes(name));
  const subscribing = subscribers.filter((name) => !both.includes(name));
  const pairs = Array.from({ length: Math.max(publishing.length, subscribing.length) }, (_, index) => ({
    publisher: publishing[index],
    subscriber: subscribing[index],
  }));
  return [...pairs, ...both.map((name) => ({ publisher: name, subscriber: name }))];
}

export function typesOf(publisher: string, contracts: Contract[]): string[] {
  return contracts.filter((contract) => contract.publisher === publisher).map(({ type }) => type);
}

function unique<T>(values: T[]): T[] {
  return [...new Set(values)];
}
