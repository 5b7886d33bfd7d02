import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { desktop, openBrowser } from "./chromium.ts";
import { overflow, violations } from "./inspect.ts";
import { flow } from "./scenes/flow.ts";
import { openScene } from "./scenes/open.ts";
import type { Scene } from "./scenes/scene.ts";

const DEADLINE_MS = 10_000;
const LEAST_HEIGHT = 24;
const narrow = { width: 320, height: 800 };

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

test.each([
  ["on a phone of 320 pixels", narrow],
  ["on a desktop", desktop],
])(
  "six services with five types each stand on the map without overlap, in any font, %s",
  async (_, viewport) => {
    const page = await openScene(browser, flow["flow-six"] as Scene, { viewport });
    expect(await page.locator("[data-node]").count()).toBe(12);
    expect(await page.evaluate(faults)).toEqual([]);
    for (const font of [
      '400 1.1rem / 1.5 "DejaVu Sans"',
      "400 0.75rem / 1.3 serif",
      "400 1.25rem / 1.6 monospace",
    ]) {
      await page.evaluate((ui) => document.documentElement.style.setProperty("--ui", ui), font);
      await expect.poll(() => page.evaluate(faults), { timeout: DEADLINE_MS, message: font }).toEqual([]);
    }
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  },
);

test("links to contracts are high enough to hit", async () => {
  const page = await openScene(browser, flow["flow-busy"] as Scene, { viewport: desktop });
  const links = page.locator('a[href*="contract="]');
  const heights = await links.evaluateAll((all) => all.map((link) => link.getBoundingClientRect().height));
  expect(heights.length).toBeGreaterThan(8);
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(LEAST_HEIGHT);
  await page.context().close();
});

test("what is opened stands beside the page where there is room, and over it where there is none", async () => {
  for (const [width, isBeside] of [
    [1280, true],
    [1000, false],
  ] as const) {
    const page = await openScene(browser, flow["flow-event"] as Scene, { viewport: { width, height: 800 } });
    const [panel, map] = await Promise.all([left(page, "complementary"), right(page)]);
    expect(panel >= map).toBe(isBeside);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.context().close();
  }
});

async function left(page: Page, role: "complementary") {
  return (await page.getByRole(role).boundingBox())?.x ?? 0;
}

async function right(page: Page) {
  const box = await page.getByRole("region", { name: "Map of services" }).boundingBox();
  return (box?.x ?? 0) + (box?.width ?? 0);
}

/** Runs in the page: what overlaps on the map, and lines that do not begin or end at their stations' stops. */
function faults() {
  const found: string[] = [];
  const boxes = [...document.querySelectorAll<HTMLElement>("[data-node]")].map((node) => ({
    name: node.dataset.node,
    box: node.getBoundingClientRect(),
  }));
  boxes.forEach(({ name, box }, index) => {
    for (const other of boxes.slice(index + 1)) {
      const apart =
        box.right <= other.box.left + 1 ||
        other.box.right <= box.left + 1 ||
        box.bottom <= other.box.top + 1 ||
        other.box.bottom <= box.top + 1;
      if (!apart) found.push(`${name} overlaps ${other.name}`);
    }
  });
  const map = document.querySelector('section[aria-label="Map of services"] svg');
  const corner = map?.getBoundingClientRect() ?? new DOMRect();
  const ends = [...(map?.querySelectorAll("path") ?? [])].flatMap((path) => {
    const all = path.getTotalLength();
    return [path.getPointAtLength(0), path.getPointAtLength(all)];
  });
  for (const stop of document.querySelectorAll<HTMLElement>("[data-stop]")) {
    const { x, y, width, height } = stop.getBoundingClientRect();
    const at = { x: x + width / 2 - corner.x, y: y + height / 2 - corner.y };
    if (!ends.some((end) => Math.hypot(end.x - at.x, end.y - at.y) < 2))
      found.push(`no line at ${stop.dataset.stop}`);
  }
  return found;
}
