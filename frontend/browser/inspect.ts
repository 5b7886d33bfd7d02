import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong in the page as the browser shows it. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = (await page.evaluate("axe.run()")) as AxeResults;
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

/** How many pixels the page is wider than the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** The innermost elements that reach beyond the window's right edge, but for those in a part that scrolls by itself. */
export function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolls = (element: Element | null): boolean =>
      element !== null &&
      element !== document.body &&
      (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
    return [...document.querySelectorAll("body *")]
      .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .filter((each) => !scrolls(each.parentElement))
      .filter((each, _, all) => !all.some((other) => other !== each && each.contains(other)))
      .map((each) => `${each.tagName.toLowerCase()}.${each.className}: ${each.textContent?.slice(0, 40)}`);
  });
}

/** Adds up, from before the page's first line, how far things jump without a person's doing (CLS). */
export function watchLayout(page: Page): Promise<unknown> {
  return page.addInitScript(`
    window.layoutShift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.layoutShift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  `);
}

export function layoutShift(page: Page): Promise<number> {
  return page.evaluate("window.layoutShift");
}

/** Notes, from before the page's first line, how long each click waits until its answer is drawn (Event Timing). */
export function watchClicks(page: Page): Promise<unknown> {
  return page.addInitScript(`
    window.clicks = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === "click") window.clicks.push(entry.duration);
    }).observe({ type: "event", durationThreshold: 16, buffered: true });
  `);
}

/** In milliseconds; those under 16 are not told apart. */
export function slowestClick(page: Page): Promise<number> {
  return page.evaluate("Math.max(0, ...window.clicks)");
}
