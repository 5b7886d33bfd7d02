import { bodyOf, busService } from "../../../lib/api/client.ts";
import type { DeliveryState } from "../types.ts";

/** What the list is narrowed to; an empty one is every event. */
export type Filter = {
  type?: string;
  service?: string;
  subject?: string;
  state?: DeliveryState;
  /** What the beginnings of the payload's texts contain. */
  text?: string;
  /** How the id begins. */
  id?: string;
  /** RFC 3339: of that time and later, and of earlier times than. */
  since?: string;
  until?: string;
};

export const PAGE = 100;

/** At most PAGE events, newest first, older than the position `before`. */
export async function listEvents(filter: Filter, before: string | undefined, signal: AbortSignal) {
  const { type, service, ...others } = filter;
  const query = {
    limit: PAGE,
    ...(before && { before }),
    ...(type && { types: type }),
    ...(service && { source: `/${service}` }),
    ...others,
  };
  return bodyOf(await busService.GET("/bus/events", { params: { query }, signal }));
}

/** Of two events with the same id, the one of `source`. */
export async function readPath(id: string, signal: AbortSignal, source?: string) {
  const params = { path: { event_id: id }, query: source === undefined ? {} : { source } };
  return bodyOf(await busService.GET("/bus/events/{event_id}", { params, signal }));
}
