import { useQueryClient } from "@tanstack/react-query";
import { Field } from "../../lib/form/Field.tsx";
import { Sheet } from "../../lib/form/Sheet.tsx";
import { Signature } from "../../lib/form/Signature.tsx";
import { useForm } from "../../lib/form/useForm.ts";
import { MARKDOWN_HINT } from "../../lib/markdown/Markdown.tsx";
import { type CommentDraft, createComment } from "./api/createComment.ts";
import { useOwnComments } from "./useOwnComments.ts";

export const COMMENT_TEXT = {
  content: { limit: 2_000, missing: "Write something first.", hasLines: true },
};
const RULES = { ...COMMENT_TEXT, author: { limit: 80 } };

type Props = { postId: string; onSent: () => void };

export function CommentForm({ postId, onSent }: Props) {
  const client = useQueryClient();
  const { add } = useOwnComments(postId);
  const send = (draft: CommentDraft, key: string) => createComment(postId, draft, key);
  const form = useForm(`comment:${postId}`, RULES, send, (comment) => {
    if (comment) add(comment);
    onSent();
    client.invalidateQueries({ queryKey: ["post", postId] });
  });
  return (
    <Sheet name="New comment" onSubmit={form.submit}>
      <Field label="Comment" look="text" hint={MARKDOWN_HINT} {...form.field("content")} />
      <Signature label="Send" busy="Sending…" author={form.field("author")} {...form.sending} />
    </Sheet>
  );
}
