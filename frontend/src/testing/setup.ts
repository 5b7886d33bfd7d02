import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import { forgetStored } from "../lib/stored.ts";

document.documentElement.lang = "en";
window.scrollTo = () => {};

afterEach(() => {
  cleanup();
  localStorage.clear();
  forgetStored();
  vi.unstubAllGlobals();
});
