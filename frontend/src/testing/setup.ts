import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { forgetStored } from "../lib/stored.ts";
import { fakeStreams } from "./streams.ts";

document.documentElement.lang = "en";
window.scrollTo = () => {};

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
