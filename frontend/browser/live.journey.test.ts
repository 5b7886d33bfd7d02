import type { Browser, Page, Response } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { desktop, openBrowser, url } from "./chromium.ts";
import { manage } from "./manage.ts";

const DEADLINE_MS = 20_000;
const RESTART_MS = 90_000;

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(() => browser.close());

test("a page with a stream hears and seldom asks; one that is refused a stream asks, and sees the same", async () => {
  const id = await write("/posts/create", { title: "Two ways to know" });
  const [streaming, polling] = [await newPage(), await newPage()];
  await polling.route("**/posts/stream", (route) => route.fulfill({ status: 204 }));
  const reads = [streaming, polling].map((page) => countReads(page, id));
  for (const page of [streaming, polling]) {
    await page.goto(`${url}/post/${id}`);
    await page.getByText("No comments yet").waitFor();
  }
  await expect.poll(() => reads[1]?.(), { timeout: DEADLINE_MS }).toBeGreaterThan(2);
  expect(reads[0]?.()).toBeLessThan(3);
  await write(`/posts/${id}/comments`, { content: "Heard?" });
  await Promise.all([streaming, polling].map((page) => page.getByText("Heard?").waitFor()));
});

test("after query was away the stream is there again by itself", async () => {
  const id = await write("/posts/create", { title: "Away and back" });
  const page = await newPage();
  await page.goto(`${url}/post/${id}`);
  await page.getByText("No comments yet").waitFor();
  const isStream = (answer: Response) => answer.url().endsWith("/posts/stream") && answer.ok();
  const again = page.waitForResponse(isStream, { timeout: RESTART_MS });
  await manage("restart", "query");
  await again;
  await write(`/posts/${id}/comments`, { content: "Welcome back" });
  await page.getByText("Welcome back").waitFor();
});

test("a comment that comes in while one writes waits, and does not move the words under the hands", async () => {
  const id = await write("/posts/create", { title: "Two at a time" });
  await write(`/posts/${id}/comments`, { content: "First" });
  const page = await newPage();
  await page.goto(`${url}/post/${id}`);
  await page.getByText("First").waitFor();
  const field = page.getByLabel("Comment", { exact: true });
  await field.fill("I was about to say");
  const place = await field.boundingBox();
  await write(`/posts/${id}/comments`, { content: "Second" });
  const news = page.getByRole("button", { name: "Show 1 new comment" });
  await news.waitFor();
  expect(await field.boundingBox()).toEqual(place);
  await news.click();
  await page.getByText("Second").waitFor();
});

test("a send whose answer is lost keeps the draft, and sent again it is one comment", async () => {
  const id = await write("/posts/create", { title: "Once is enough" });
  const page = await newPage();
  await page.goto(`${url}/post/${id}`);
  await page.route("**/comments", async (route) => {
    await route.fetch();
    await route.abort();
  });
  const field = page.getByLabel("Comment", { exact: true });
  await field.fill("Did you hear me?");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Blogbus cannot be reached. Your text is kept: send it again.").waitFor();
  expect(await field.inputValue()).toBe("Did you hear me?");

  await page.unroute("**/comments");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Approved.", { exact: true }).waitFor();
  expect(await page.getByRole("listitem").count()).toBe(1);
  expect(await field.inputValue()).toBe("");
});

async function newPage(): Promise<Page> {
  const page = await (await browser.newContext({ viewport: desktop })).newPage();
  page.setDefaultTimeout(DEADLINE_MS);
  return page;
}

/** As another reader does, and returns the id. */
async function write(path: string, body: object): Promise<string> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
  return (await answer.json()).id;
}

/** How often the page asked for the post until now. */
function countReads(page: Page, id: string): () => number {
  let count = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === `/posts/${id}`) count += 1;
  });
  return () => count;
}
