import { busService } from "../../../lib/api/client.ts";
import { type Page, pageOf } from "../../../lib/audit/Trail.tsx";

export async function listAudit(before: string | undefined, signal: AbortSignal): Promise<Page> {
  const query = before ? { before } : {};
  return pageOf(await busService.GET("/bus/audit", { params: { query }, signal }));
}
