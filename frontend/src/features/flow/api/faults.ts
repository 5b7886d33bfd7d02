import { bodyOf, busService } from "../../../lib/api/client.ts";
import { isNotFound } from "../../../lib/problem.ts";
import type { Faults } from "../types.ts";

/** Null where the bus does not let faults be switched on. */
export async function readFaults(signal: AbortSignal) {
  try {
    return bodyOf(await busService.GET("/bus/faults", { signal }));
  } catch (error) {
    if (isNotFound(error as Error)) return null;
    throw error;
  }
}

export async function setFaults(faults: Faults) {
  return bodyOf(await busService.PUT("/bus/faults", { body: faults }));
}
