import { bodyOf, commentsService } from "../../../lib/api/client.ts";
import { authorOf } from "../../../lib/own/editTokens.ts";

const PATH = "/posts/{post_id}/comments/{comment_id}";

type Place = { postId: string; id: string };

/** Its text as the service keeps it. */
export async function editComment({ postId, id }: Place, token: string, content: string): Promise<string> {
  const params = { path: { post_id: postId, comment_id: id } };
  const body = { content };
  return bodyOf(await commentsService.PUT(PATH, { params, body, headers: authorOf(token) })).content;
}

export async function removeComment({ postId, id }: Place, token: string): Promise<void> {
  const params = { path: { post_id: postId, comment_id: id } };
  await commentsService.DELETE(PATH, { params, headers: authorOf(token) });
}
