import { bodyOf, busService } from "../../../lib/api/client.ts";
import { unlessNotFound } from "../../../lib/problem.ts";
import type { Faults } from "../types.ts";

/** Null where the bus does not let faults be switched on. */
export function readFaults(signal: AbortSignal): Promise<Faults | null> {
  return unlessNotFound(null, async () => bodyOf(await busService.GET("/bus/faults", { signal })));
}

export async function setFaults(faults: Faults) {
  return bodyOf(await busService.PUT("/bus/faults", { body: faults }));
}
