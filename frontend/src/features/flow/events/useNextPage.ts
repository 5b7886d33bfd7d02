import { useEffect } from "react";

const AGAIN_MS = 2_000;

type Pages = {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => unknown;
};

/** Asks for older ones while `isWanted`; after a failure not without a pause. */
export function useNextPage(isWanted: boolean, pages: Pages) {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = pages;
  const isDue = isWanted && hasNextPage && !isFetchingNextPage;
  useEffect(() => {
    if (!isDue) return;
    const wait = setTimeout(fetchNextPage, isFetchNextPageError ? AGAIN_MS : 0);
    return () => clearTimeout(wait);
  }, [isDue, isFetchNextPageError, fetchNextPage]);
}
