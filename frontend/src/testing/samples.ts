import type { Comment } from "../features/comments/types.ts";
import type { Post } from "../features/posts/types.ts";

export function post(changes: Partial<Post> = {}): Post {
  return {
    id: "p1",
    title: "On order",
    body: "First things first.\n\nThen the rest.",
    author: "Marit",
    createdAt: "2026-01-02T10:00:00.000000Z",
    commentCount: changes.comments?.length ?? 0,
    comments: [],
    ...changes,
  };
}

export function comment(changes: Partial<Comment> = {}): Comment {
  return {
    id: "c1",
    content: "hello",
    author: "Ines",
    status: "approved",
    reason: null,
    createdAt: "2026-01-02T11:00:00.000000Z",
    ...changes,
  };
}

/** What the comments service answers to its author. */
export function written(content: string, id = "c9") {
  return {
    id,
    postId: "p1",
    content,
    author: "",
    status: "pending",
    createdAt: new Date().toISOString(),
    version: 1,
  };
}
