import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { desktop, openBrowser, url } from "./chromium.ts";
import { slowestClick, watchClicks } from "./inspect.ts";
import { manage } from "./manage.ts";
import { publishPosts } from "./system.ts";

const DEADLINE_MS = 60_000;
const LOADED = 10_000;
const BATCH = 500;
const PER_SECOND = 200;
const EVERY_MS = 100;
const CLICKS = 10;
const FAST = /^(1[5-9]\d|[2-9]\d\d)\/s$/;

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  page = await browser.newPage({ viewport: desktop });
  page.setDefaultTimeout(DEADLINE_MS);
  await watchClicks(page);
  await page.goto(`${url}/flow#operator=${await manage("token", "operator")}`);
  await page.getByText("Live", { exact: true }).waitFor();
});
afterAll(() => browser.close());

test("with 10,000 events loaded, the page has few rows", async () => {
  // No faster than the page hears: who is too far behind is told to ask the log anew, and loads less.
  for (let loaded = await count(); loaded < LOADED; loaded = await count()) {
    await publishPosts(BATCH);
    await expect
      .poll(count, { timeout: DEADLINE_MS })
      .toBeGreaterThanOrEqual(Math.min(loaded + BATCH, LOADED));
  }
  expect(await page.locator("li, tr").count()).toBeLessThanOrEqual(200);
});

test("while 200 events a second stream in, a click is answered within 200 ms", async () => {
  let isOver = false;
  const stream = async () => {
    const began = Date.now();
    for (let sent = 0; !isOver; await new Promise((resolve) => setTimeout(resolve, EVERY_MS))) {
      const due = Math.floor(((Date.now() - began) / 1_000) * PER_SECOND) - sent;
      if (due > 0) await publishPosts(due);
      sent += Math.max(due, 0);
    }
  };
  const streaming = stream();
  const list = page.getByRole("region", { name: "Events, newest first" });
  const panel = page.getByRole("complementary");
  try {
    await page.getByText(FAST).first().waitFor({ state: "attached" });
    for (let click = 0; click < CLICKS; click++) {
      await list.hover();
      await list.getByRole("link").nth(3).click();
      await panel.getByText("stored by the bus").waitFor();
      await panel.getByRole("link", { name: "Close" }).click();
      await panel.waitFor({ state: "detached" });
    }
  } finally {
    isOver = true;
    await streaming;
  }
  expect(await slowestClick(page)).toBeLessThan(200);
});

/** How many events the page says it has. */
async function count(): Promise<number> {
  const [said] = (await page.getByText(/^[\d,]+ events?;/).innerText()).split(" ");
  return Number(said?.replace(",", ""));
}
