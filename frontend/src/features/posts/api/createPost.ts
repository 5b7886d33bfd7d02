import { writtenIn } from "../../../lib/api/blog.ts";
import { anyBodyOf, postsService } from "../../../lib/api/client.ts";
import { keepEditToken } from "../../../lib/own/editTokens.ts";
import type { Post } from "../types.ts";

export type PostDraft = { title: string; body: string; author: string };

/** Null where it was taken, and the answer does not say what became of it. */
export async function createPost(body: PostDraft, key: string): Promise<Post | null> {
  const params = { header: { "Idempotency-Key": key } };
  const answer = await postsService.POST("/posts/create", { params, body, parseAs: "text" });
  const said = anyBodyOf(answer);
  const written = writtenIn(said, ({ title }) => title === body.title);
  if (written) keepEditToken(written.id, said);
  return written && { ...body, ...written, commentCount: 0, comments: [] };
}
