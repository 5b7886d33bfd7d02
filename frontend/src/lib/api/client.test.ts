import { afterEach, expect, test, vi } from "vitest";
import { queryService } from "./client.ts";

afterEach(() => vi.useRealTimers());

test("a request on a line that died says so after a while; an answer that has begun may take longer", async () => {
  vi.useFakeTimers();
  let answer: (response: Response) => void = () => {};
  let line: AbortSignal | undefined;
  vi.stubGlobal("fetch", (_: Request, { signal }: { signal: AbortSignal }) => {
    line = signal;
    return new Promise((resolve, reject) => {
      answer = resolve;
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  });
  const dead = expect(queryService.GET("/posts")).rejects.toThrow("Blogbus cannot be reached.");
  await vi.advanceTimersByTimeAsync(35_000);
  await dead;

  const slow = queryService.GET("/posts", { parseAs: "stream" });
  await vi.advanceTimersByTimeAsync(30_000);
  answer(new Response("[]"));
  await slow;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(line?.aborted).toBe(false);
});
