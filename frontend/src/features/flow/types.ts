/** A service's standing order at the bus, and how its delivery does. */
export type Subscription = {
  name: string;
  url: string;
  types: string[];
  state: "active" | "retrying" | "paused";
  cursor: string;
  lag: number;
  lastError: string | null;
  attempts: number;
  /** Seconds. */
  nextTry: number | null;
};
