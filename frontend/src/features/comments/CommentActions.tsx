import { useQueryClient } from "@tanstack/react-query";
import { Actions } from "../../lib/own/Actions.tsx";
import { useEditToken } from "../../lib/own/editTokens.ts";
import { noteRemoved } from "../../lib/own/removed.ts";
import { useToken } from "../../lib/token/token.ts";
import * as moderation from "../moderation/api/remove.ts";
import { removeComment } from "./api/ownComment.ts";
import { CommentEditForm } from "./CommentEditForm.tsx";
import type { SeenComment } from "./types.ts";
import { useOwnComments } from "./useOwnComments.ts";

type Props = { postId: string; comment: SeenComment };

/** Nothing for a reader who did not write it and is no moderator. */
export function CommentActions({ postId, comment }: Props) {
  const client = useQueryClient();
  const token = useEditToken(comment.id);
  const isModerator = useToken("moderator") !== "";
  const { drop } = useOwnComments(postId);
  if (!token && !isModerator) return null;
  const place = { postId, id: comment.id };
  function onRemoved(isHere: boolean) {
    noteRemoved(comment.id);
    drop(comment.id);
    if (isHere) document.getElementById("comments")?.focus();
    client.invalidateQueries({ queryKey: ["post", postId] });
  }
  return (
    <Actions
      of="comment"
      edit={
        token && comment.content !== null
          ? (close) => <CommentEditForm place={place} comment={comment} token={token} onClose={close} />
          : undefined
      }
      asksReason={!token}
      remove={(reason) =>
        token ? removeComment(place, token) : moderation.removeComment(comment.id, reason)
      }
      onRemoved={onRemoved}
    />
  );
}
