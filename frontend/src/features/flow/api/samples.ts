import { bodyOf, busService } from "../../../lib/api/client.ts";

/** Of each subscription, what it did in each minute of the last hour. */
export async function listSamples(signal: AbortSignal) {
  return bodyOf(await busService.GET("/bus/samples", { signal }));
}
