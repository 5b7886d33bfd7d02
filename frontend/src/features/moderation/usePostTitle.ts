import { useQuery } from "@tanstack/react-query";
import { readPost } from "../posts/api/readPost.ts";

/** Moderation knows no posts, so the title comes from query; undefined while it is not known. */
export function usePostTitle(id: string): string | undefined {
  return useQuery({
    queryKey: ["post", id],
    queryFn: ({ signal }) => readPost(id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  }).data?.title;
}
