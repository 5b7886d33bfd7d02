import { useQueryClient } from "@tanstack/react-query";
import { EditSheet } from "../../lib/form/EditSheet.tsx";
import { Field } from "../../lib/form/Field.tsx";
import { useForm } from "../../lib/form/useForm.ts";
import { MARKDOWN_HINT } from "../../lib/markdown/Markdown.tsx";
import { editPost, type PostText } from "./api/ownPost.ts";
import { POST_TEXT } from "./PostForm.tsx";
import type { Post } from "./types.ts";

type Props = { post: Post; token: string; onClose: () => void };

export function PostEditForm({ post, token, onClose }: Props) {
  const client = useQueryClient();
  const send = (text: PostText) => editPost(post.id, token, text);
  const form = useForm(
    `edit:${post.id}`,
    POST_TEXT,
    send,
    ({ title, body }) => {
      // The read model hears of it in a moment.
      client.setQueryData<Post>(["post", post.id], (read) => read && { ...read, title, body });
      onClose();
    },
    { title: post.title, body: post.body },
  );
  return (
    <EditSheet name="Edit this post" form={form} onClose={onClose}>
      <Field label="Title" look="title" {...form.field("title")} />
      <Field label="Text" look="text" optional hint={MARKDOWN_HINT} {...form.field("body")} />
    </EditSheet>
  );
}
