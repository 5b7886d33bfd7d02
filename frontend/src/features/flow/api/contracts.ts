import { bodyOf, busService } from "../../../lib/api/client.ts";
import type { Contract } from "../types.ts";

export async function listContracts(signal: AbortSignal) {
  return bodyOf(await busService.GET("/bus/contracts", { signal })) as Contract[];
}
