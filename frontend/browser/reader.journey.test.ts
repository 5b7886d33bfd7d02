import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, url } from "./chromium.ts";

const DEADLINE_MS = 20_000;
const title = `Whoever serves, ${new Date().toISOString()}`;

let browser: Browser;
const errors: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

test("a reader writes, and sees what became of it, whichever services there are", async () => {
  const page = await reader();
  await page.goto(url);
  await page.getByLabel("Title").fill(title);
  await page.getByRole("button", { name: "Publish" }).click();
  const item = page.getByRole("listitem").filter({ hasText: title });
  await item.getByText("being published").waitFor({ state: "detached" });
  await item.getByRole("link").click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  for (const [text, verdict] of [
    ["hello", "Approved."],
    ["orange", "Rejected."],
  ] as const) {
    await page.getByLabel("Comment", { exact: true }).fill(text);
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("listitem").filter({ hasText: text }).getByText(verdict).waitFor();
  }
  await page.reload();
  await page.getByText("orange", { exact: true }).waitFor();

  const other = await reader();
  await other.goto(url);
  await other.getByRole("link", { name: title }).click();
  await other.getByText("hello", { exact: true }).waitFor();
  await other.getByText("This comment was rejected.").waitFor();
  expect(await other.getByText("orange", { exact: true }).count()).toBe(0);
  expect(errors).toEqual([]);
});

/** A browser of somebody's own. */
async function reader(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(DEADLINE_MS);
  page.on("pageerror", (error) => errors.push(error.message));
  return page;
}
