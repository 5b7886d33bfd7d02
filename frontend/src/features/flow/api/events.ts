import { bodyOf, busService } from "../../../lib/api/client.ts";
import type { DeliveryState } from "../types.ts";

/** What the list is narrowed to; an empty one is every event. */
export type Filter = { type?: string; service?: string; subject?: string; state?: DeliveryState };

export const PAGE = 100;

/** At most PAGE events, newest first, older than the position `before`. */
export async function listEvents(filter: Filter, before: string | undefined, signal: AbortSignal) {
  const { type, service, subject, state } = filter;
  const query = {
    limit: PAGE,
    ...(before && { before }),
    ...(type && { types: type }),
    ...(service && { source: `/${service}` }),
    ...(subject && { subject }),
    ...(state && { state }),
  };
  return bodyOf(await busService.GET("/bus/events", { params: { query }, signal }));
}

export async function readPath(id: string, signal: AbortSignal) {
  return bodyOf(
    await busService.GET("/bus/events/{event_id}", { params: { path: { event_id: id } }, signal }),
  );
}
