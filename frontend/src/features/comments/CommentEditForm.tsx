import { useQueryClient } from "@tanstack/react-query";
import { EditSheet } from "../../lib/form/EditSheet.tsx";
import { Field } from "../../lib/form/Field.tsx";
import { useForm } from "../../lib/form/useForm.ts";
import { MARKDOWN_HINT } from "../../lib/markdown/Markdown.tsx";
import { editComment } from "./api/ownComment.ts";
import { COMMENT_TEXT } from "./CommentForm.tsx";
import type { SeenComment } from "./types.ts";
import { useOwnComments } from "./useOwnComments.ts";

type Props = {
  place: { postId: string; id: string };
  comment: SeenComment;
  token: string;
  onClose: () => void;
};

export function CommentEditForm({ place, comment, token, onClose }: Props) {
  const client = useQueryClient();
  const { edit } = useOwnComments(place.postId);
  const send = ({ content }: { content: string }) => editComment(place, token, content);
  const form = useForm(
    `edit:${place.id}`,
    COMMENT_TEXT,
    send,
    (content) => {
      edit(place.id, content);
      client.invalidateQueries({ queryKey: ["post", place.postId] });
      onClose();
    },
    { content: comment.content ?? "" },
  );
  return (
    <EditSheet name="Edit this comment" form={form} onClose={onClose}>
      <Field label="Comment" look="text" hint={MARKDOWN_HINT} {...form.field("content")} />
    </EditSheet>
  );
}
