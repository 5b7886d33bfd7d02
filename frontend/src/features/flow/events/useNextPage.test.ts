import { renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useNextPage } from "./useNextPage.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("older ones are asked for once it comes to them; when that fails, again after a pause", () => {
  const fetchNextPage = vi.fn();
  const rest = { hasNextPage: true, isFetchingNextPage: false, isFetchNextPageError: false, fetchNextPage };
  const { rerender } = renderHook(({ isWanted, ...pages }) => useNextPage(isWanted, pages), {
    initialProps: { isWanted: false, ...rest },
  });
  const after = (milliseconds: number) => {
    vi.advanceTimersByTime(milliseconds);
    return fetchNextPage.mock.calls.length;
  };
  expect(after(10_000)).toBe(0);
  rerender({ isWanted: true, ...rest });
  expect(after(0)).toBe(1);
  rerender({ isWanted: true, ...rest, isFetchingNextPage: true });
  expect(after(10_000)).toBe(1);
  rerender({ isWanted: true, ...rest, isFetchNextPageError: true });
  expect(after(1_000)).toBe(1);
  expect(after(1_000)).toBe(2);
  rerender({ isWanted: true, ...rest, hasNextPage: false });
  expect(after(10_000)).toBe(2);
});
