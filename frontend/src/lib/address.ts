/** The page of a post. */
export const postAddress = (id: string) => `/post/${encodeURIComponent(id)}`;

/** A comment on the page of its post. */
export const commentAddress = (postId: string, id: string) =>
  `${postAddress(postId)}#${encodeURIComponent(id)}`;
