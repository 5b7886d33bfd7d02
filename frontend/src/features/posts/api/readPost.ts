import { type Post, postIn } from "../../../lib/api/blog.ts";
import { anyBodyOf, queryService } from "../../../lib/api/client.ts";
import { isNotFound, Problem } from "../../../lib/problem.ts";
import { EMBEDDED, type Reach, readBack, type ThreadRead } from "../../comments/api/readBack.ts";
import { listPosts } from "./listPosts.ts";

export async function readPost(
  id: string,
  signal: AbortSignal,
  reach: Reach = EMBEDDED,
): Promise<Post & ThreadRead> {
  const post = (await askForOne(id, signal)) ?? (await findInAll(id, signal));
  if (!post) throw new Problem("There is no such post.", 404);
  return { ...post, ...(await readBack(post, reach, signal)) };
}

/** Undefined where the service knows no `GET /posts/<id>`, as the course's does not: ours refuses with a problem. */
async function askForOne(id: string, signal: AbortSignal): Promise<Post | undefined> {
  const params = { path: { post_id: id } };
  try {
    const answer = await queryService.GET("/posts/{post_id}", { params, signal, parseAs: "text" });
    return postIn(anyBodyOf(answer)) ?? undefined;
  } catch (error) {
    if (isNotFound(error as Error) && !(error as Problem).isExplained) return undefined;
    throw error;
  }
}

async function findInAll(id: string, signal: AbortSignal): Promise<Post | undefined> {
  const { posts } = await listPosts(undefined, signal);
  return posts.find((post) => post.id === id);
}
