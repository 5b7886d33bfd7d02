import { useQueryClient } from "@tanstack/react-query";
import { Field } from "../../lib/form/Field.tsx";
import { Submit } from "../../lib/form/Submit.tsx";
import { useForm } from "../../lib/form/useForm.ts";
import { createPost } from "./api/createPost.ts";
import styles from "./PostForm.module.css";
import { useOwnPosts } from "./useOwnPosts.ts";
import { POSTS_KEY } from "./usePosts.ts";

const RULES = {
  title: { limit: 200, missing: "Give the post a title." },
  body: { limit: 20_000 },
  author: { limit: 80 },
};

/** One line until it is wanted: it opens on focus and stays open while there is a draft. */
export function PostForm() {
  const client = useQueryClient();
  const { add } = useOwnPosts();
  const form = useForm("post", RULES, createPost, (post) => {
    add(post);
    client.invalidateQueries({ queryKey: POSTS_KEY });
  });
  return (
    <form
      className={styles.form}
      data-blank={form.isBlank}
      aria-label="Write a post"
      noValidate
      onSubmit={form.submit}
    >
      <Field label="Write a post" look="title" {...form.field("title")} />
      <div className={styles.rest}>
        <Field label="Text" look="text" optional {...form.field("body")} />
        <Field label="Your name" optional {...form.field("author")} />
        <Submit label="Publish" busy="Publishing…" isSending={form.isSending} failure={form.failure} />
      </div>
    </form>
  );
}
