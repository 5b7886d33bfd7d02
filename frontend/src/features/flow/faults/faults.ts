import type { Faults } from "../types.ts";

export const NO_FAULTS: Faults = { drop: 0, repeat: 0, reorder: 0, delay: 0 };

export function areOn(faults: Faults | null | undefined): faults is Faults {
  return faults ? Object.values(faults).some((value) => value > 0) : false;
}

/** Whether no delivery gets through: the bus learns of none, whatever the subscribers got. */
export function loseAll(faults: Faults): boolean {
  return percent(faults.drop) === "100 %";
}

/** What is being done to deliveries, in one sentence's worth of words. */
export function sayFaults({ drop, repeat, reorder, delay }: Faults): string {
  const parts = [
    drop > 0 && `${percent(drop)} get lost`,
    repeat > 0 && `${percent(repeat)} are sent twice`,
    reorder > 0 && `${percent(reorder)} are followed by an older one`,
    delay > 0 && `all come ${delay} s late`,
  ].filter(Boolean);
  return parts.join(", ");
}

export function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}
