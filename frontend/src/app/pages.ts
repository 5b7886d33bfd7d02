/** Every address that is a page; the server answers 404 for all others. */
export const pages = ["/", "/post/:postId", "/moderate", "/moderate/rules", "/flow"] as const;

export type Page = (typeof pages)[number];
