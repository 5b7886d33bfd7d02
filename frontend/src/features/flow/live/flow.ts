import { PAGE } from "../api/events.ts";
import type { Delivered, Faults, ListedEvent, Subscription } from "../types.ts";
import { Listing } from "./listing.ts";
import { Meter } from "./meter.ts";
import { type Done, Settling } from "./settling.ts";
import { Dispatcher, into, outTo, type Travels } from "./travels.ts";

/** How the page hears of the bus; `why` says what is wrong when it does not. */
export type Link = { state: "opening" | "live" | "polling" | "lost"; since: number; why: string };

export type Picture = {
  link: Link;
  subscriptions: Subscription[] | undefined;
  /** Null where they cannot be switched on. */
  faults: Faults | null | undefined;
  /** What was published while this page looked, or since the last reset, newest first; at most KEPT. */
  events: readonly ListedEvent[];
  /** Every service that published meanwhile. */
  sources: readonly string[];
  rates: Record<string, number>;
  travels: Travels;
  /** Rises when the bus can no longer say what this page missed. */
  resets: number;
  isFrozen: boolean;
  /** What came of something that an operator did. */
  notice: { key: number; text: string } | undefined;
};

type Told = { subscriptions: Subscription[] };
type Message = { kind: string; data: unknown };
type Options = {
  /** Runs it soon: a moment later, and when the browser draws. */
  soon?: (run: () => void) => void;
  clock?: () => number;
  canMove?: () => boolean;
};

const MOST_WAITING = 2_000;
const NEWS_MS = 5_000;

const BLANK: Picture = {
  link: { state: "opening", since: 0, why: "" },
  subscriptions: undefined,
  faults: undefined,
  events: [],
  sources: [],
  rates: {},
  travels: {},
  resets: 0,
  isFrozen: false,
  notice: undefined,
};

/** The live picture: takes messages as they come, and changes what is shown a few times a second at most. */
export class Flow {
  #present = BLANK;
  #shown = BLANK;
  #waiting: Message[] = [];
  #isScheduled = false;
  #listing = new Listing();
  #listedAt = -Infinity;
  #settling = new Settling();
  #meter = new Meter();
  #dispatcher = new Dispatcher();
  #listeners = new Set<() => void>();
  readonly #soon: (run: () => void) => void;
  readonly #clock: () => number;
  readonly #canMove: () => boolean;

  constructor({ soon = whenDrawn, clock = Date.now, canMove = () => true }: Options = {}) {
    this.#soon = soon;
    this.#clock = clock;
    this.#canMove = canMove;
  }

  read = () => this.#shown;

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  take = (kind: string, data: unknown) => {
    this.#waiting.push({ kind, data });
    if (this.#waiting.length > MOST_WAITING) this.#draw();
    else this.#schedule();
  };

  heard(state: Link["state"], why = "") {
    if (this.#present.link.state === state && this.#present.link.why === why) return;
    this.#set({ link: { state, since: this.#clock(), why } });
    this.#schedule();
  }

  /** Frozen, the picture stands still; thawed, it is of the present again. */
  freeze(isFrozen: boolean) {
    this.#set({ isFrozen });
    this.#shown = { ...(isFrozen ? this.#shown : this.#present), isFrozen };
    this.#dispatcher.clear();
    this.#notify();
  }

  /** What an operator did is shown at once, frozen or not. */
  patch(done: Done) {
    const now = this.#clock();
    this.#settling.add(done, now);
    this.#change(({ subscriptions }) => ({
      subscriptions: subscriptions && this.#settling.over(subscriptions, now),
    }));
  }

  faulted(faults: Faults) {
    this.#change(() => ({ faults }));
  }

  say(text: string) {
    this.#change(({ notice }) => ({ notice: { key: (notice?.key ?? 0) + 1, text } }));
  }

  #change(change: (picture: Picture) => Partial<Picture>) {
    this.#set(change(this.#present));
    this.#shown = { ...this.#shown, ...change(this.#shown) };
    this.#notify();
  }

  /** Called every second: rates fall when nothing comes. */
  tick() {
    const rates = this.#meter.rates(this.#clock());
    if (isSame(rates, this.#present.rates)) return;
    this.#set({ rates });
    this.#schedule();
  }

  #schedule() {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#soon(() => {
      this.#isScheduled = false;
      this.#draw();
    });
  }

  #draw() {
    const now = this.#clock();
    const moves = !this.#present.isFrozen && this.#canMove();
    for (const { kind, data } of this.#waiting.splice(0)) this.#apply(kind, data, now, moves);
    const events = this.#listing.over(this.#present.events, now);
    this.#set({ events, travels: this.#dispatcher.at(now) });
    if (this.#dispatcher.isBusy || this.#listing.hasFresh) this.#schedule();
    if (this.#present.isFrozen) return;
    this.#shown = this.#present;
    this.#notify();
  }

  #apply(kind: string, data: unknown, now: number, moves: boolean) {
    if (kind === "published") this.#published(data as ListedEvent, now, moves);
    else if (kind === "listed") this.#listed(data as ListedEvent[], now, moves);
    else if (kind === "delivered") this.#delivered(data as Delivered, now, moves);
    else if (kind === "subscriptions") this.#subscribed(data as Told, now);
    else if (kind === "faults") this.#set({ faults: data as Faults | null });
    else if (kind === "reset") this.#forget();
  }

  /** Between what was heard and what comes there is a gap: only the log can tell what belongs there. */
  #forget() {
    this.#listing.clear();
    this.#set({ events: [], resets: this.#present.resets + 1 });
  }

  #set(change: Partial<Picture>) {
    this.#present = { ...this.#present, ...change };
  }

  #published(event: ListedEvent, now: number, moves: boolean) {
    if (!this.#listing.add(event)) return;
    const source = event.source.slice(1);
    const { sources } = this.#present;
    if (!sources.includes(source)) this.#set({ sources: [...sources, source] });
    this.#meter.add(into(source), 1, now);
    if (moves) this.#dispatcher.published(event, now);
  }

  /** A page of the newest, asked for: what was not known is news only to who asked a moment ago. */
  #listed(events: ListedEvent[], now: number, moves: boolean) {
    const isNews = now < this.#listedAt + NEWS_MS;
    this.#listedAt = now;
    const fresh = events.filter((event) => !this.#listing.has(event));
    if (fresh.length >= PAGE && !this.#listing.isEmpty) this.#forget();
    for (const event of fresh.toReversed()) {
      if (isNews) this.#published(event, now, moves);
      else this.#listing.add(event);
    }
  }

  #delivered(delivered: Delivered, now: number, moves: boolean) {
    if (delivered.error === null) this.#meter.add(outTo(delivered.subscription), delivered.count, now);
    if (moves) this.#dispatcher.delivered(delivered, now);
  }

  #subscribed({ subscriptions }: Told, now: number) {
    this.#set({ subscriptions: this.#settling.over(subscriptions, now) });
  }

  #notify() {
    for (const listener of this.#listeners) listener();
  }
}

/** Ten times a second is enough for eyes, and leaves the page time to answer; a hidden page is not drawn at all. */
function whenDrawn(run: () => void) {
  if (document.hidden) setTimeout(run, 1_000);
  else setTimeout(() => requestAnimationFrame(run), 80);
}

function isSame(one: Record<string, number>, other: Record<string, number>) {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
