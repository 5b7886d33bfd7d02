import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Field } from "../../lib/form/Field.tsx";
import { Sheet } from "../../lib/form/Sheet.tsx";
import { Signature } from "../../lib/form/Signature.tsx";
import { useForm } from "../../lib/form/useForm.ts";
import { refresh } from "../../lib/live/refresh.ts";
import { MARKDOWN_HINT } from "../../lib/markdown/Markdown.tsx";
import { isolated } from "../../lib/text.ts";
import { createPost } from "./api/createPost.ts";
import { useOwnPosts } from "./useOwnPosts.ts";
import { POSTS_KEY } from "./usePosts.ts";

export const POST_TEXT = {
  title: { limit: 200, missing: "Give the post a title." },
  body: { limit: 20_000, hasLines: true },
};
const RULES = { ...POST_TEXT, author: { limit: 80 } };

export function PostForm() {
  const client = useQueryClient();
  const { add } = useOwnPosts();
  const [said, setSaid] = useState("");
  const form = useForm("post", RULES, createPost, (post) => {
    if (post) add(post);
    setSaid(`${isolated(post?.title ?? "Your post")} is being published.`);
    refresh(client, POSTS_KEY);
  });
  return (
    <>
      <Sheet name="New post" isFolded={form.isBlank} onSubmit={form.submit}>
        <Field label="Title" look="title" placeholder="Write a post…" {...form.field("title")} />
        <Field label="Text" look="text" optional hint={MARKDOWN_HINT} {...form.field("body")} />
        <Signature label="Publish" busy="Publishing…" author={form.field("author")} {...form.sending} />
      </Sheet>
      <p role="status" className="unseen">
        {said}
      </p>
    </>
  );
}
