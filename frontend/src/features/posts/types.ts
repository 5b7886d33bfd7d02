import type { components } from "../../lib/api/query.d.ts";

export type Post = components["schemas"]["PostOut"];
