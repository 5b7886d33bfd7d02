import { type EventSourceMessage, EventSourceParserStream } from "eventsource-parser/stream";

type Listener = {
  /** Resolves with the stream's answer, or rejects; `lastId` is what this browser has seen. */
  open: (lastId: string | undefined, signal: AbortSignal) => Promise<Response>;
  /** Without `lastId` it begins now, and says nothing of what was before. */
  onOpen: (lastId: string | undefined) => void;
  onMessage: (kind: string, data: unknown) => void;
  /** There are too many listeners already: poll instead. It is tried again later. */
  onFull: () => void;
  onLost: (error: Error) => void;
};

const SHORTEST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
/** The server's heartbeat comes every 5 s: without three of them nobody is there any more. */
const SILENCE_MS = 15_000;

/**
 * Listens to server-sent events until the signal says stop, over every interruption, with any request's headers. A
 * hidden page does not: a browser has few connections for each host, and six such tabs would leave none.
 */
export async function follow(listener: Listener, signal: AbortSignal): Promise<void> {
  let lastId: string | undefined;
  let refusals = 0;
  for (;;) {
    await looked(signal);
    if (signal.aborted) return;
    const call = new AbortController();
    const stop = () => call.abort();
    let isUnseen = false;
    const stopUnseen = () => {
      isUnseen = isUnseen || document.hidden;
      if (isUnseen) stop();
    };
    signal.addEventListener("abort", stop);
    document.addEventListener("visibilitychange", stopUnseen);
    try {
      const answer = await listener.open(lastId, call.signal);
      if (answer.status === 204 || !answer.body) {
        listener.onFull();
      } else if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) {
        throw new Error("The answer is no stream.");
      } else {
        refusals = 0;
        listener.onOpen(lastId);
        for await (const { id, event, data } of messages(answer.body, stop)) {
          lastId = id ?? lastId;
          listener.onMessage(event ?? "message", JSON.parse(data));
        }
        throw new Error("The stream ended.");
      }
    } catch (error) {
      if (!isUnseen && !signal.aborted) listener.onLost(error as Error);
    } finally {
      signal.removeEventListener("abort", stop);
      document.removeEventListener("visibilitychange", stopUnseen);
      stop();
    }
    if (isUnseen) continue;
    // Many readers lose their streams at once: they come back one after another, and more seldom each time.
    const wait = Math.min(SHORTEST_WAIT_MS * 2 ** refusals, LONGEST_WAIT_MS);
    refusals += 1;
    await pause(wait * (0.5 + Math.random() / 2), signal);
  }
}

async function* messages(body: ReadableStream<Uint8Array>, stop: () => void) {
  let silence = setTimeout(stop, SILENCE_MS);
  const heard = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      clearTimeout(silence);
      silence = setTimeout(stop, SILENCE_MS);
      controller.enqueue(chunk);
    },
  });
  const parsed = body
    .pipeThrough(heard)
    .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
    .pipeThrough(new EventSourceParserStream());
  const reader: ReadableStreamDefaultReader<EventSourceMessage> = parsed.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    clearTimeout(silence);
    reader.cancel().catch(() => {});
  }
}

/** Resolves when somebody looks at the page, or the signal says stop. */
function looked(signal: AbortSignal) {
  return new Promise<void>((resolve) => {
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", look);
      signal.removeEventListener("abort", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
    look();
  });
}

function pause(milliseconds: number, signal: AbortSignal) {
  return new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
