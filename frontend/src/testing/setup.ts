import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { forgetStored } from "../lib/stored.ts";
import { fakeStreams } from "./streams.ts";

document.documentElement.lang = "en";
window.scrollTo = () => {};
// jsdom lays nothing out: nothing has a width, and no media query applies.
window.matchMedia = (media) => Object.assign(new EventTarget(), { media, matches: false }) as MediaQueryList;
window.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

beforeEach(() => {
  fakeStreams();
});

afterEach(() => {
  cleanup();
  localStorage.clear();
  forgetStored();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
