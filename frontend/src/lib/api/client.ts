import createClient, { type Middleware } from "openapi-fetch";
import { Problem, readProblem } from "../problem.ts";
import { type Role, refuseToken, tokenOf } from "../token/token.ts";
import type { paths as CommentsPaths } from "./comments.d.ts";
import type { paths as BusPaths } from "./eventbus.d.ts";
import type { paths as ModerationPaths } from "./moderation.d.ts";
import type { paths as PostsPaths } from "./posts.d.ts";
import type { paths as QueryPaths } from "./query.d.ts";

/** Until an answer begins. The page's server gives up on a service after 30 s: later, the line itself is dead. */
const LONGEST_MS = 35_000;

const origin = {
  baseUrl: window.location.origin,
  fetch: async (request: Request) => {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), LONGEST_MS);
    try {
      return await fetch(request, { signal: AbortSignal.any([request.signal, silence.signal]) });
    } finally {
      clearTimeout(timer);
    }
  },
};

const failures: Middleware = {
  onResponse: async ({ response }) => {
    if (!response.ok) throw await readProblem(response);
  },
  onError: () => new Problem("Blogbus cannot be reached.", 0),
};

/** The role's token goes with every call; one that is not taken is forgotten, and the page asks for another. */
function bearer(role: Role): Middleware {
  return {
    onRequest: ({ request }) => {
      request.headers.set("authorization", `Bearer ${tokenOf(role)}`);
    },
    onResponse: async ({ request, response }) => {
      if (response.status !== 401 && response.status !== 403) return;
      const { message } = await readProblem(response.clone());
      refuseToken(role, request.headers.get("authorization")?.slice("Bearer ".length) ?? "", message);
    },
  };
}

function client<Paths extends object>(role?: Role) {
  const created = createClient<Paths>(origin);
  created.use(failures);
  if (role) created.use(bearer(role));
  return created;
}

export const postsService = client<PostsPaths>();
export const commentsService = client<CommentsPaths>();
export const queryService = client<QueryPaths>();
export const busService = client<BusPaths>("operator");
export const moderationService = client<ModerationPaths>("moderator");

/** The client throws on every failure, so an answer always has its body. */
export function bodyOf<T>({ data }: { data?: T }): T {
  return data as T;
}

/** For services that may be written elsewhere, read with `parseAs: "text"`: its JSON, of whatever shape, or null. */
export function anyBodyOf({ data }: { data?: unknown }): unknown {
  try {
    return typeof data === "string" ? JSON.parse(data) : null;
  } catch {
    return null;
  }
}
