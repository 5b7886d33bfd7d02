import { afterEach, expect, test, vi } from "vitest";
import { look } from "../../testing/streams.ts";
import { follow } from "./follow.ts";

const stop = new AbortController();
afterEach(() => {
  look("visible");
  stop.abort();
});

test("a hidden page lets go of its stream, and takes it up where it was when it is looked at", async () => {
  const opened: (string | undefined)[] = [];
  const signals: AbortSignal[] = [];
  const open = async (lastId: string | undefined, signal: AbortSignal) => {
    opened.push(lastId);
    signals.push(signal);
    return endless("id: 7\ndata: {}\n\n", signal);
  };
  const onMessage = vi.fn();
  const onLost = vi.fn();
  follow({ open, onOpen: () => {}, onMessage, onFull: () => {}, onLost }, stop.signal);
  await vi.waitFor(() => expect(onMessage).toHaveBeenCalledTimes(1));
  look("hidden");
  await vi.waitFor(() => expect(signals[0]?.aborted).toBe(true));
  expect(opened).toEqual([undefined]);
  look("visible");
  await vi.waitFor(() => expect(opened).toEqual([undefined, "7"]));
  expect(onLost).not.toHaveBeenCalled();
});

/** An answer that says this and stays open. */
function endless(text: string, signal: AbortSignal) {
  return new Response(
    new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode(text));
        signal.addEventListener("abort", () => controller.error(signal.reason));
      },
    }),
    { headers: { "content-type": "text/event-stream" } },
  );
}
