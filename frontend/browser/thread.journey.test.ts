import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { desktop, openBrowser, phone, url } from "./chromium.ts";
import { layoutShift, overflow, tooWide, violations, watchLayout } from "./inspect.ts";
import { ask } from "./system.ts";

const DEADLINE_MS = 30_000;
const MANY = 160;
const EMBEDDED = 50;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(() => browser.close());

test("every comment of a long thread is reached in place, and by its permalink", async () => {
  const { id, comments } = await longThread();
  const page = await reader();
  await page.goto(`${url}/post/${id}`);
  const more = page.getByRole("button", { name: "Show older comments" });
  await more.waitFor();
  expect(await page.getByText("Five services that talk only through events").isVisible()).toBe(true);
  for (const shown of [EMBEDDED, EMBEDDED + 100]) {
    const former = page.locator("[data-comment]").first();
    const name = await former.getAttribute("data-comment");
    await more.focus();
    const place = await topOf(page, name);
    await page.keyboard.press("Enter");
    const came = Math.min(100, MANY - shown);
    await page.getByText(`${came} older comments are shown.`, { exact: true }).waitFor();
    expect(Math.abs((await topOf(page, name)) - place)).toBeLessThan(2);
    const above = await page.evaluate(
      () => (document.activeElement?.nextElementSibling as HTMLElement)?.dataset.comment,
    );
    expect(above).toBe(name);
  }
  expect(
    await page
      .locator("[data-comment]")
      .evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset.comment)),
  ).toEqual(comments);
  expect(await layoutShift(page)).toBeLessThan(0.01);
  expect(await violations(page)).toEqual([]);

  const other = await reader(phone);
  await other.goto(`${url}/post/${id}#${comments[3]}`);
  const target = other.locator(`[data-comment="${comments[3]}"]`);
  await target.and(other.locator(":focus")).waitFor();
  expect(await topOf(other, comments[3])).toBeGreaterThanOrEqual(0);
  expect(await topOf(other, comments[3])).toBeLessThan(phone.height / 2);
  expect(await target.getAttribute("aria-current")).toBe("location");
  expect(await violations(other)).toEqual([]);
  expect(await overflow(other)).toBeLessThanOrEqual(0);
});

const TEXT = [
  "# Above all",
  "A **bold** word, an *italic* one, `inline`, https://a.example/long, and [a link](https://b.example/).",
  `https://c.example/${"path/".repeat(60)}`,
  "1. one\n2. two\n   - below",
  "> said\n> twice",
  `\`\`\`\nif it_is(long):\n    ${"run(); ".repeat(40)}\n\`\`\``,
  "![a picture](https://tracker.example/pixel.png)",
  "<img src=x onerror=alert(1)>",
  "מי אמר? 👩\u200d👩\u200d👧",
].join("\n\n");

test("a text is shown as it was meant, asks nobody for a picture, and fits a narrow phone", async () => {
  const { id } = await ask("POST", "/posts/create", { title: `Written, ${Date.now()}`, body: TEXT });
  await expect.poll(() => statusOf(id), { timeout: DEADLINE_MS }).toBe(200);
  const page = await reader({ width: 320, height: 640 });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).host));
  await page.goto(`${url}/post/${id}`);
  const link = page.getByRole("link", { name: "a link" });
  await link.waitFor();
  expect(await link.getAttribute("rel")).toBe("nofollow noopener noreferrer ugc");
  await page.getByRole("heading", { level: 2, name: "Above all" }).waitFor();
  await page.getByText("<img src=x onerror=alert(1)>").waitFor();
  const code = page.locator("pre");
  expect(await code.evaluate((each) => each.scrollWidth > each.clientWidth && each.tabIndex === 0)).toBe(
    true,
  );
  expect(await tooWide(page)).toEqual([]);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(await violations(page)).toEqual([]);
  expect(await layoutShift(page)).toBeLessThan(0.01);
  expect(new Set(asked)).toEqual(new Set([new URL(url).host]));
});

async function longThread() {
  const { id } = await ask("POST", "/posts/create", { title: `A long thread, ${Date.now()}`, body: "Talk." });
  const comments: string[] = [];
  for (let number = 1; number <= MANY; number += 1)
    comments.push((await ask("POST", `/posts/${id}/comments`, { content: `No. ${number}` })).id);
  const counted = async () => (await statusOf(id)) === 200 && (await ask("GET", `/posts/${id}`)).commentCount;
  await expect.poll(counted, { timeout: DEADLINE_MS }).toBe(MANY);
  return { id, comments };
}

async function statusOf(id: string): Promise<number> {
  return (await fetch(`${url}/posts/${id}`)).status;
}

function topOf(page: Page, id: string | null | undefined): Promise<number> {
  return page.locator(`[data-comment="${id}"]`).evaluate((each) => each.getBoundingClientRect().top);
}

async function reader(viewport = desktop): Promise<Page> {
  const page = await (await browser.newContext({ viewport })).newPage();
  page.setDefaultTimeout(DEADLINE_MS);
  await watchLayout(page);
  return page;
}
