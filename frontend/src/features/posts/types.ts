export type { Post } from "../../lib/api/blog.ts";
