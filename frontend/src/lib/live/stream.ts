import { queryService } from "../api/client.ts";
import { fieldsOf, textOf } from "../api/shapes.ts";
import { follow } from "../sse/follow.ts";

/** Called with the id of a post that changed, or with nothing: all of them may have. */
type Listener = (postId?: string) => void;

const listeners = new Set<Listener>();
const watchers = new Set<() => void>();
let connection: AbortController | undefined;
let opened = false;

/** Hears of changed posts. All listeners of a tab share one connection, as a browser has few of them for each host. */
export function listen(listener: Listener): () => void {
  listeners.add(listener);
  connection ??= connect();
  return () => {
    listeners.delete(listener);
    // The next page's listener comes in the same task: the stream stays for it.
    queueMicrotask(() => {
      if (listeners.size === 0) disconnect();
    });
  };
}

export function isOpen(): boolean {
  return opened;
}

/** Calls back whenever `isOpen` turned. */
export function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function connect() {
  const stop = new AbortController();
  const onOpen = (lastId: string | undefined) => {
    turn(true);
    if (lastId === undefined) tell();
  };
  const onMessage = (kind: string, data: unknown) => {
    if (kind === "post") tell(textOf(fieldsOf(data)?.id) ?? undefined);
    if (kind === "reset") tell();
  };
  const onLost = () => turn(false);
  follow({ open: openStream, onOpen, onMessage, onFull: onLost, onLost }, stop.signal);
  return stop;
}

function disconnect() {
  connection?.abort();
  connection = undefined;
  turn(false);
}

async function openStream(lastId: string | undefined, signal: AbortSignal) {
  const header = lastId === undefined ? {} : { "Last-Event-ID": lastId };
  const { response } = await queryService.GET("/posts/stream", {
    params: { header },
    parseAs: "stream",
    signal,
  });
  return response;
}

function turn(now: boolean) {
  if (opened === now) return;
  opened = now;
  for (const watcher of watchers) watcher();
}

function tell(postId?: string) {
  for (const listener of listeners) listener(postId);
}
