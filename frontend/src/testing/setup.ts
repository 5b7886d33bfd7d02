import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import { forgetStored } from "../lib/stored.ts";
import { forgetStreams } from "./streams.ts";

document.documentElement.lang = "en";
window.scrollTo = () => {};
window.scrollBy = () => {};
Element.prototype.scrollIntoView = () => {};
// A deadline, not a wait: what is there is found at once, and a busy machine is no failure.
configure({ asyncUtilTimeout: 10_000 });
// jsdom lays nothing out: nothing has a width, and no media query applies.
window.matchMedia = (media) => Object.assign(new EventTarget(), { media, matches: false }) as MediaQueryList;
window.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
// And so everything is in sight.
window.IntersectionObserver = class extends window.ResizeObserver {
  #hear: IntersectionObserverCallback;
  constructor(hear: IntersectionObserverCallback) {
    super(() => {});
    this.#hear = hear;
  }
  override observe() {
    this.#hear([{ isIntersecting: true } as IntersectionObserverEntry], this as never);
  }
} as never;

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
  forgetStored();
  forgetStreams();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
