import { vi } from "vitest";

/** Stands in for the browser's EventSource, which jsdom lacks; a test plays the server. */
class Stream extends EventTarget {
  static readonly CLOSED = 2;
  static readonly all: Stream[] = [];
  readyState = 0;

  constructor(readonly url: string) {
    super();
    Stream.all.push(this);
  }

  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  say(kind: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
  }

  /** As the browser does after a broken connection: it tries again by itself. */
  break() {
    this.readyState = 0;
    this.dispatchEvent(new Event("error"));
  }

  /** As the browser does after 204 or 502: it gives up. */
  refuse() {
    this.readyState = Stream.CLOSED;
    this.dispatchEvent(new Event("error"));
  }

  close() {
    this.readyState = Stream.CLOSED;
  }
}

/** The streams that the page opens from now on; until a test opens one, they never answer. */
export function fakeStreams() {
  Stream.all.length = 0;
  vi.stubGlobal("EventSource", Stream);
  const open = () => Stream.all.filter(({ readyState }) => readyState !== Stream.CLOSED);
  return {
    all: Stream.all,
    /** The one that is not closed. */
    get current() {
      const [stream, ...others] = open();
      if (!stream || others.length > 0) throw new Error(`${open().length} streams are open, not 1.`);
      return stream;
    },
  };
}

/** Hides the tab, or brings it back. */
export function look(visibility: DocumentVisibilityState) {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(visibility);
  vi.spyOn(document, "hidden", "get").mockReturnValue(visibility === "hidden");
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}
