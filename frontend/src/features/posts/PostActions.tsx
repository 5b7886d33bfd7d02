import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { refresh } from "../../lib/live/refresh.ts";
import { Actions } from "../../lib/own/Actions.tsx";
import { useEditToken } from "../../lib/own/editTokens.ts";
import { noteRemoved } from "../../lib/own/removed.ts";
import { useToken } from "../../lib/token/token.ts";
import { useHere } from "../../lib/useHere.ts";
import * as moderation from "../moderation/api/remove.ts";
import { removePost } from "./api/ownPost.ts";
import { PostEditForm } from "./PostEditForm.tsx";
import type { Post } from "./types.ts";
import { useOwnPosts } from "./useOwnPosts.ts";
import { POSTS_KEY } from "./usePosts.ts";

/** Nothing for a reader who did not write it and is no moderator. */
export function PostActions({ post }: { post: Post }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const here = useHere();
  const token = useEditToken(post.id);
  const isModerator = useToken("moderator") !== "";
  const { keep } = useOwnPosts();
  if (!token && !isModerator) return null;
  function onRemoved() {
    const isHere = here.current;
    noteRemoved(post.id);
    keep(({ id }) => id !== post.id);
    refresh(client, POSTS_KEY);
    if (isHere) navigate("/");
  }
  return (
    <Actions
      of="post"
      edit={token ? (close) => <PostEditForm post={post} token={token} onClose={close} /> : undefined}
      asksReason={!token}
      remove={(reason) => (token ? removePost(post.id, token) : moderation.removePost(post.id, reason))}
      onRemoved={onRemoved}
    />
  );
}
