import { useRef, useState } from "react";

const MORE = 100;

/** How many comments of a post its reader asked for, until they are shown; 0: no more than those. */
export function useOlder(postId: string) {
  const wanted = useRef({ postId, count: 0 });
  const [isLoading, setLoading] = useState(false);
  async function show(shown: number, refetch: () => Promise<{ isError: boolean }>) {
    const wish = { postId, count: shown + MORE };
    wanted.current = wish;
    setLoading(true);
    const { isError } = await refetch();
    // What is shown stays; a wish that failed is tried again with the next reading.
    if (!isError && wanted.current === wish) wanted.current = { postId, count: 0 };
    setLoading(false);
  }
  return { isLoading, show, count: () => (wanted.current.postId === postId ? wanted.current.count : 0) };
}
