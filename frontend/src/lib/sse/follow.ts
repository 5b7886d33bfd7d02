import { type EventSourceMessage, EventSourceParserStream } from "eventsource-parser/stream";

type Listener = {
  /** Resolves with the stream's answer, or rejects; `lastId` is what this browser has seen. */
  open: (lastId: string | undefined, signal: AbortSignal) => Promise<Response>;
  onOpen: () => void;
  onMessage: (kind: string, data: unknown) => void;
  /** There are too many listeners already: poll instead. It is tried again later. */
  onFull: () => void;
  onLost: (error: Error) => void;
};

const RETRY_MS = 2_000;
const FULL_MS = 30_000;
/** The server's heartbeat comes every 5 s: without three of them nobody is there any more. */
const SILENCE_MS = 15_000;

/** Listens to server-sent events until the signal says stop, over every interruption, with any request's headers. */
export async function follow(listener: Listener, signal: AbortSignal): Promise<void> {
  let lastId: string | undefined;
  while (!signal.aborted) {
    let wait = RETRY_MS;
    const call = new AbortController();
    const stop = () => call.abort();
    signal.addEventListener("abort", stop);
    try {
      const answer = await listener.open(lastId, call.signal);
      if (answer.status === 204 || !answer.body) {
        wait = FULL_MS;
        listener.onFull();
      } else {
        listener.onOpen();
        for await (const { id, event, data } of messages(answer.body, stop)) {
          lastId = id ?? lastId;
          listener.onMessage(event ?? "message", JSON.parse(data));
        }
        throw new Error("The stream ended.");
      }
    } catch (error) {
      if (!signal.aborted) listener.onLost(error as Error);
    } finally {
      signal.removeEventListener("abort", stop);
      stop();
    }
    await pause(wait, signal);
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
