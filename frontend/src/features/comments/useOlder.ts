import { useRef, useState } from "react";

const MORE = 100;

/** How many comments of a post its reader wants to see; 0: those that come with it. */
export function useOlder(postId: string) {
  const wanted = useRef({ postId, count: 0 });
  const [isLoading, setLoading] = useState(false);
  async function show(shown: number, refetch: () => Promise<unknown>) {
    wanted.current = { postId, count: shown + MORE };
    setLoading(true);
    await refetch();
    setLoading(false);
  }
  return { isLoading, show, count: () => (wanted.current.postId === postId ? wanted.current.count : 0) };
}
