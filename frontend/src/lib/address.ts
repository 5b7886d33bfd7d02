/** The page of a post. */
export const postAddress = (id: string) => `/post/${encodeURIComponent(id)}`;
