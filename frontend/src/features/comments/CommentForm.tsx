import { useQueryClient } from "@tanstack/react-query";
import { Field } from "../../lib/form/Field.tsx";
import { Submit } from "../../lib/form/Submit.tsx";
import { useForm } from "../../lib/form/useForm.ts";
import { type CommentDraft, createComment } from "./api/createComment.ts";
import styles from "./CommentForm.module.css";
import { useOwnComments } from "./useOwnComments.ts";

const RULES = {
  content: { limit: 2_000, missing: "Write something first." },
  author: { limit: 80 },
};

export function CommentForm({ postId }: { postId: string }) {
  const client = useQueryClient();
  const { add } = useOwnComments(postId);
  const send = (draft: CommentDraft) => createComment(postId, draft);
  const form = useForm(`comment:${postId}`, RULES, send, (comment) => {
    add(comment);
    client.invalidateQueries({ queryKey: ["post", postId] });
  });
  return (
    <form className={styles.form} aria-label="Write a comment" noValidate onSubmit={form.submit}>
      <Field label="Write a comment" look="text" {...form.field("content")} />
      <Field label="Your name" optional {...form.field("author")} />
      <Submit label="Send" busy="Sending…" isSending={form.isSending} failure={form.failure} />
    </form>
  );
}
