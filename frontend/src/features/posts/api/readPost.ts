import { bodyOf, queryService } from "../../../lib/api/client.ts";
import type { Post } from "../types.ts";

export async function readPost(id: string, signal: AbortSignal): Promise<Post> {
  return bodyOf(await queryService.GET("/posts/{post_id}", { params: { path: { post_id: id } }, signal }));
}
