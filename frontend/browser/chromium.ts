import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where the running system is. */
export const url = process.env.BLOGBUS_URL ?? "http://localhost:3000";

export const phone = { width: 390, height: 844 };
export const desktop = { width: 1280, height: 800 };

export function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM || PLACES.find(existsSync);
  if (!executablePath) throw new Error("No Chromium here: install one, or name it in CHROMIUM.");
  return chromium.launch({ executablePath, args: FLAGS });
}
