import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, url } from "./chromium.ts";
import { layoutShift, violations, watchLayout } from "./inspect.ts";
import { posts } from "./samples.ts";

const PATHS = ["/", "/post/5f0c", "/moderate", "/moderate/rules", "/flow", "/nowhere"];
const WINDOWS = [320, 360, 1280, 1440].map((width) => ({ width, height: 720 }));
const LOOKS = WINDOWS.map((viewport, index) => ({
  viewport,
  colorScheme: index % 2 ? ("dark" as const) : ("light" as const),
}));
const SLOW = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const FONTS_BYTES = 60_000;
const PAINT = "first-contentful-paint";
const DEADLINE_MS = 10_000;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

test.each(LOOKS)(
  "the outline is what the scripts draw, to the pixel, in $colorScheme at $viewport.width",
  async (look) => {
    for (const path of PATHS) {
      const outline = await open(look);
      await outline.route(/\.js$/, (route) => route.abort());
      await outline.goto(url + path);
      expect(await outline.getByRole("banner").textContent()).toContain("Blogbus");
      expect(await outline.getByLabel("Title").count()).toBe(path === "/" ? 1 : 0);

      const drawn = await open(look);
      // What belongs to a lazy page stays away, too: its outline is what waits for it.
      await drawn.route(/\/assets\/(Flow|Desk|Rules)Page.*\.js$/, () => {});
      await drawn.route(/\/posts(\/|$)/, () => {});
      await drawn.goto(url + path);
      await drawn.waitForFunction(
        "Object.keys(document.getElementById('root')).some((key) => key.startsWith('__react'))",
      );
      // A busy machine may still be drawing one of them.
      const differ = async () => (await picture(drawn)) !== (await picture(outline));
      await expect.poll(differ, { timeout: DEADLINE_MS, message: path }).toBe(false);
      expect(await layoutShift(drawn)).toBe(0);
      await outline.context().close();
      await drawn.context().close();
    }
  },
);

test("header and form are painted when two round trips are through, the page and its style sheet, and all else is held", async () => {
  for (const path of PATHS) {
    const page = await open();
    await page.route("**/*", async (route) => {
      if (["document", "stylesheet"].includes(route.request().resourceType())) await route.continue();
    });
    await page.goto(url + path, { waitUntil: "commit" });
    await expect.poll(() => painted(page), { timeout: DEADLINE_MS, message: path }).toBeGreaterThan(0);
    // No style sheet waited for another one.
    expect(await page.evaluate(askersForStyle), path).toEqual(["link"]);
    await page.context().close();
  }
});

test("on a slow line they are there long before the first script is", async () => {
  const page = await open();
  await slowDown(page, SLOW);
  await page.goto(url);
  const script = await page.evaluate(
    () =>
      performance
        .getEntriesByType("resource")
        .find(({ name }) => name.endsWith(".js")) as PerformanceResourceTiming,
  );
  expect(await painted(page)).toBeLessThan(script.responseEnd / 2);
  expect(await layoutShift(page)).toBe(0);
});

test("who begins to write before the scripts come goes on writing", async () => {
  const page = await open();
  let letThrough = () => {};
  const held = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route(/\.js$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(url, { waitUntil: "commit" });
  await page.getByLabel("Title").pressSequentially("Early brd");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  letThrough();
  await page.getByLabel("Text").waitFor();
  await page.keyboard.type("i");
  expect(await page.getByLabel("Title").inputValue()).toBe("Early bird");
});

test("without scripts the page says what is missing, has one title, and axe finds nothing", async () => {
  const page = await open({ javaScriptEnabled: false });
  await page.goto(url);
  expect(await page.locator("noscript").innerText()).toContain("which is turned off here");
  expect(await page.locator("noscript a").getAttribute("href")).toBe("/feed.atom");
  expect(await page.title()).toBe("Blogbus");
  await page.context().close();
  const outline = await open();
  await outline.route(/\.js$/, (route) => route.abort());
  for (const path of PATHS) {
    await outline.goto(url + path);
    expect(await outline.locator("head > title").count(), path).toBe(1);
    expect(await violations(outline), path).toEqual([]);
  }
});

test("nothing moves when the fonts come, late, and both are small", async () => {
  for (const viewport of WINDOWS) {
    const page = await open({ viewport });
    let letThrough = () => {};
    const held = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    // The same posts each time: a line that just fits in the one font may not in the other.
    await page.route(/\/posts(\?|$)/, (route) => route.fulfill({ json: posts }));
    await page.route(/\/posts\/stream/, (route) => route.fulfill({ status: 204 }));
    await page.route(/\.woff2$/, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(url, { waitUntil: "domcontentloaded" });
    await page.getByRole("status").filter({ hasText: "Loading" }).waitFor({ state: "detached" });
    letThrough();
    await page.evaluate("document.fonts.ready");
    expect(
      await page.evaluate('document.fonts.check("16px Literata") && document.fonts.check("16px Overpass")'),
    ).toBe(true);
    expect(await layoutShift(page)).toBeLessThan(0.01);
    await page.context().close();
  }
  const fonts = join(import.meta.dirname, "../fonts");
  const sizes = readdirSync(fonts)
    .filter((name) => name.endsWith(".woff2"))
    .map((name) => statSync(join(fonts, name)).size);
  expect(sizes).toHaveLength(2);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(FONTS_BYTES);
});

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  await watchLayout(page);
  return page;
}

async function slowDown(page: Page, conditions: typeof SLOW) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", conditions);
}

/** When the first content was drawn, in ms since the page was asked for. */
function painted(page: Page): Promise<number> {
  return page.evaluate((name) => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN, PAINT);
}

/** Who asked for style sheets: the page's own links, scripts, or other style sheets. */
function askersForStyle(): string[] {
  const sheets = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".css"));
  return [...new Set(sheets.map((sheet) => (sheet as PerformanceResourceTiming).initiatorType))];
}

async function picture(page: Page): Promise<string> {
  await page.evaluate("document.fonts.ready");
  return (await page.screenshot()).toString("base64");
}
