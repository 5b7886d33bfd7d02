import { vi } from "vitest";

/** One request for `/posts/stream`; the test plays the server. */
class Stream {
  isOver = false;
  readonly answer: Promise<Response>;
  private settle: (answer: Response) => void = () => {};
  private body: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(signal: AbortSignal) {
    this.answer = new Promise((resolve) => {
      this.settle = resolve;
    });
    signal.addEventListener("abort", () => this.break());
  }

  open() {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.body = controller;
      },
    });
    this.settle(new Response(body, { headers: { "content-type": "text/event-stream" } }));
  }

  say(kind: string, data: unknown) {
    this.body?.enqueue(new TextEncoder().encode(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`));
  }

  break() {
    if (this.isOver) return;
    this.isOver = true;
    this.body?.error(new TypeError("The connection broke."));
  }

  /** Too many streams are open already. */
  refuse() {
    this.isOver = true;
    this.settle(new Response(null, { status: 204 }));
  }
}

const streams: Stream[] = [];

/** Called by the network; until a test opens the stream, it does not answer. */
export function answerStream(signal: AbortSignal): Promise<Response> {
  const stream = new Stream(signal);
  streams.push(stream);
  return stream.answer;
}

export function forgetStreams() {
  streams.length = 0;
}

/** The streams that the page has asked for. */
export const asked = {
  all: streams,
  /** The one that is not over. */
  get current() {
    const [stream, ...others] = streams.filter(({ isOver }) => !isOver);
    if (!stream || others.length > 0)
      throw new Error(`${others.length + (stream ? 1 : 0)} streams are open, not 1.`);
    return stream;
  },
};

/** Hides the tab, or brings it back. */
export function look(visibility: DocumentVisibilityState) {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(visibility);
  vi.spyOn(document, "hidden", "get").mockReturnValue(visibility === "hidden");
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}
