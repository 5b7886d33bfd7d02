import createClient, { type Middleware } from "openapi-fetch";
import { Problem, readProblem } from "../problem.ts";
import type { paths as CommentsPaths } from "./comments.d.ts";
import type { paths as PostsPaths } from "./posts.d.ts";
import type { paths as QueryPaths } from "./query.d.ts";

const origin = { baseUrl: window.location.origin, fetch: (request: Request) => fetch(request) };

const failures: Middleware = {
  onResponse: async ({ response }) => {
    if (!response.ok) throw await readProblem(response);
  },
  onError: () => new Problem("Blogbus cannot be reached.", 0),
};

function client<Paths extends object>() {
  const created = createClient<Paths>(origin);
  created.use(failures);
  return created;
}

export const postsService = client<PostsPaths>();
export const commentsService = client<CommentsPaths>();
export const queryService = client<QueryPaths>();

/** The client throws on every failure, so an answer always has its body. */
export function bodyOf<T>({ data }: { data?: T }): T {
  return data as T;
}
