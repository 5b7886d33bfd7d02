import { busService } from "../../../lib/api/client.ts";

/** What happens on the bus, as it happens; 204 when too many listen already. */
export async function openStream(lastId: string | undefined, signal: AbortSignal) {
  const header = lastId === undefined ? {} : { "Last-Event-ID": lastId };
  const { response } = await busService.GET("/bus/stream", { params: { header }, parseAs: "stream", signal });
  return response;
}
