import { bodyOf, postsService } from "../../../lib/api/client.ts";
import { authorOf } from "../../../lib/own/editTokens.ts";

export type PostText = { title: string; body: string };

const PATH = "/posts/{post_id}/text";

export async function editPost(id: string, token: string, body: PostText): Promise<PostText> {
  return bodyOf(
    await postsService.PUT(PATH, { params: { path: { post_id: id } }, body, headers: authorOf(token) }),
  );
}

export async function removePost(id: string, token: string): Promise<void> {
  await postsService.DELETE(PATH, { params: { path: { post_id: id } }, headers: authorOf(token) });
}
