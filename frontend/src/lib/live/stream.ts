import { fieldsOf, textOf } from "../api/shapes.ts";

const ADDRESS = "/posts/stream";
const SHORTEST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;

/** Called with the id of a post that changed, or with nothing: all of them may have. */
type Listener = (postId?: string) => void;

const listeners = new Set<Listener>();
const watchers = new Set<() => void>();
let source: EventSource | undefined;
let timer: number | undefined;
let refusals = 0;
let opened = false;

document.addEventListener("visibilitychange", settle);

/**
 * Hears of changed posts. All listeners of a tab share one connection, as a browser has few of them for each host:
 * it is open while somebody listens and the tab is looked at.
 */
export function listen(listener: Listener): () => void {
  listeners.add(listener);
  settle();
  return () => {
    listeners.delete(listener);
    // The next page's listener comes in the same breath: the stream stays for it.
    queueMicrotask(settle);
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

function settle() {
  const isWanted = listeners.size > 0 && !document.hidden;
  if (!isWanted) {
    close();
    refusals = 0;
  } else if (!source && !timer) open();
}

function open() {
  timer = undefined;
  const stream = new EventSource(ADDRESS);
  source = stream;
  stream.addEventListener("open", () => {
    refusals = 0;
    turn(true);
    tell();
  });
  stream.addEventListener("error", () => {
    turn(false);
    if (stream.readyState === EventSource.CLOSED) tryAgainLater();
  });
  stream.addEventListener("post", ({ data }) => tell(idIn(data)));
  stream.addEventListener("reset", () => tell());
}

/** Undefined where a foreign stream says it otherwise: any post may have changed. */
function idIn(data: string): string | undefined {
  try {
    return textOf(fieldsOf(JSON.parse(data))?.id) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The browser itself reconnects what broke, but takes 204 (too many streams), 404 (none at all) and 502 for final. */
function tryAgainLater() {
  close();
  const wait = Math.min(SHORTEST_WAIT_MS * 2 ** refusals, LONGEST_WAIT_MS);
  refusals += 1;
  timer = window.setTimeout(open, wait * (0.5 + Math.random() / 2));
}

function close() {
  window.clearTimeout(timer);
  timer = undefined;
  source?.close();
  source = undefined;
  turn(false);
}

function turn(now: boolean) {
  if (opened === now) return;
  opened = now;
  for (const watcher of watchers) watcher();
}

function tell(postId?: string) {
  for (const listener of listeners) listener(postId);
}
