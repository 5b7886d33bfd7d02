/** The page of a post. */
export const postAddress = (id: string) => `/post/${encodeURIComponent(id)}`;

/** A comment on the page of its post. */
export const commentAddress = (postId: string, id: string) =>
  `${postAddress(postId)}#${encodeURIComponent(id)}`;

/** The moderator's pages. */
export const DESK_PAGE = "/moderate";
export const RULES_PAGE = "/moderate/rules";
