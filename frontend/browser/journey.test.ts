import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { desktop, openBrowser, phone, url } from "./chromium.ts";
import { layoutShift, overflow, violations, watchLayout } from "./inspect.ts";

const FIRST_LOAD_BYTES = 120_000;
const DEADLINE_MS = 20_000;
const title = `A journey, ${new Date().toISOString()}`;

let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  const context = await browser.newContext({ viewport: desktop });
  page = await context.newPage();
  page.setDefaultTimeout(DEADLINE_MS);
  complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await watchLayout(page);
});
afterEach(() => page.context().close());

test("a reader writes a post, comments, and sees both verdicts arrive without reloading", async () => {
  await page.goto(url);
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Text").fill("It began at the front page.");
  await page.getByLabel("Your name").fill("Ada");
  await page.getByRole("button", { name: "Publish" }).click();
  const item = page.getByRole("listitem").filter({ hasText: title });
  await item.getByRole("link").waitFor();
  await item.getByText("being published").waitFor({ state: "detached" });
  expect(await violations(page)).toEqual([]);

  await item.getByRole("link").click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  await page.evaluate("window.hasNotReloaded = true");
  await comment("hello");
  await comment("orange");

  const [hello, orange] = ["hello", "orange"].map((text) =>
    page.getByRole("listitem").filter({ has: page.getByText(text, { exact: true }) }),
  );
  await hello?.getByText("Approved.").waitFor();
  await orange?.getByText("Rejected.").waitFor();
  expect(await page.evaluate("window.hasNotReloaded")).toBe(true);
  expect(await violations(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test("a body that a service refuses before it has all of it is answered with the service's own words", async () => {
  await page.goto(url);
  const answer = await page.evaluate(async () => {
    const sent = await fetch("/posts/create", { method: "POST", body: " ".repeat(5_000_000) });
    return [sent.status, (await sent.json()).detail];
  });
  expect(answer).toEqual([413, "The body is longer than 262144 bytes."]);
});

test("another reader sees the approved comment and not the rejected one", async () => {
  await page.goto(url);
  await page.getByRole("link", { name: title }).click();
  await page.getByText("hello", { exact: true }).waitFor();
  await page.getByText("This comment was rejected.").waitFor();
  expect(await page.getByText("orange", { exact: true }).count()).toBe(0);
  expect(complaints).toEqual([]);
});

test("machines find it, too: by the feed that the page names, and by the sitemap that robots.txt names", async () => {
  await page.goto(url);
  await page.getByRole("link", { name: title }).click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  expect(await page.title()).toBe(`${title} · Blogbus`);
  expect(await headOf('meta[name="description"]', "content")).toEqual(["It began at the front page."]);
  expect(await headOf('link[rel="canonical"]', "href")).toEqual([page.url()]);
  const [feed] = await headOf('link[rel="alternate"][type="application/atom+xml"]', "href");
  const entries = await (await fetch(new URL(feed ?? "", url))).text();
  expect(entries).toContain(`<title>${title}</title>`);
  expect(entries).toContain(`<link href="${page.url()}" rel="alternate"`);
  const sitemap = /^Sitemap: (.*)$/m.exec(await (await fetch(`${url}/robots.txt`)).text())?.[1];
  expect(await (await fetch(sitemap ?? "")).text()).toContain(`<loc>${page.url()}</loc>`);
});

test("nothing jumps when data arrives, and nothing is wider than a phone", async () => {
  for (const viewport of [desktop, phone, { width: 360, height: 640 }]) {
    await page.setViewportSize(viewport);
    await page.goto(url);
    await page.getByRole("link", { name: title }).waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByRole("link", { name: title }).click();
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    await page.reload();
    await page.getByText("This comment was rejected.").waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
    expect(await layoutShift(page)).toBeLessThan(0.01);
  }
});

test("the blog's first load is small: what belongs to other pages stays away", async () => {
  const scripts: Promise<Buffer>[] = [];
  page.on("response", (answer) => {
    if (answer.request().resourceType() === "script") scripts.push(answer.body());
  });
  await page.goto(url);
  await page.getByRole("link", { name: title }).waitFor();
  const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
});

test("what is no page is 404, and what stays inside is out of reach", async () => {
  for (const path of ["/events", "/subscriptions", "/metrics", "/postsX", "/nowhere"]) {
    const answer = await page.goto(url + path);
    expect(answer?.status()).toBe(404);
    await page.getByRole("heading", { name: "Page not found" }).waitFor();
  }
});

async function comment(text: string) {
  await page.getByLabel("Comment", { exact: true }).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("listitem").getByText(text, { exact: true }).waitFor();
}

function headOf(selector: string, attribute: string) {
  return page
    .locator(`head > ${selector}`)
    .evaluateAll((found, name) => found.map((each) => each.getAttribute(name)), attribute);
}
