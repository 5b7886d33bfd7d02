import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { desktop, openBrowser, phone, url } from "./chromium.ts";
import { layoutShift, overflow, violations, watchLayout } from "./inspect.ts";
import { token as tokenOf } from "./manage.ts";
import { ask } from "./system.ts";

const DEADLINE_MS = 20_000;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(() => browser.close());

test("an author edits and removes a post, and another reader sees it change without a reload", async () => {
  const [author, reader] = [await person(), await person(phone)];
  const address = await writePost(author);
  await reader.goto(address);
  await reader.getByRole("heading", { level: 1, name: /Taken back/ }).waitFor();

  await author.getByRole("button", { name: "Edit this post" }).click();
  await author.getByLabel("Text").fill("In other words.");
  await author.keyboard.press("Control+Enter");
  await author.getByText("In other words.").waitFor();
  await reader.getByText("In other words.").waitFor();
  expect(await layoutShift(reader)).toBeLessThan(0.1);

  await author.getByRole("button", { name: "Remove this post…" }).click();
  expect(await violations(author)).toEqual([]);
  await author.getByRole("button", { name: "Remove", exact: true }).click();
  await author.waitForURL(`${url}/`);
  await author.getByRole("heading", { level: 1, name: "Posts" }).waitFor();
  await reader.reload();
  await reader.getByText("Page not found").waitFor();
});

test("an edited comment is judged again, and what was removed is gone for everybody", async () => {
  const [author, reader] = [await person(phone), await person()];
  const address = await writePost(author);
  await author.getByLabel("Comment", { exact: true }).fill("hello");
  await author.getByRole("button", { name: "Send" }).click();
  const mine = author.getByRole("listitem");
  await mine.getByText("Approved.").waitFor();
  await reader.goto(address);
  await reader.getByText("hello", { exact: true }).waitFor();

  await mine.getByRole("button", { name: "Edit this comment" }).click();
  await mine.getByLabel("Comment", { exact: true }).fill("an orange");
  expect(await violations(author)).toEqual([]);
  expect(await overflow(author)).toBeLessThanOrEqual(0);
  await mine.getByRole("button", { name: "Save" }).click();
  await mine.getByText("Rejected. It contains the banned word “orange”.").waitFor();
  await reader.getByText("This comment was rejected.").waitFor();

  await mine.getByRole("button", { name: "Remove this comment…" }).click();
  await mine.getByRole("button", { name: "Remove", exact: true }).click();
  for (const page of [author, reader]) await page.getByText("No comments yet").waitFor();
});

test("a moderator removes a comment on the desk, and a post on its page", async () => {
  const [author, moderator] = [await person(), await person()];
  const address = await writePost(author);
  const text = `See www.example.org/${Date.now()}`;
  await author.getByLabel("Comment", { exact: true }).fill(text);
  await author.getByRole("button", { name: "Send" }).click();
  // What reaches the desk after it was opened waits behind a button.
  const token = await tokenOf("moderator");
  const held = () => ask("GET", "/moderation/comments?status=pending", undefined, token);
  await expect.poll(async () => JSON.stringify(await held()), { timeout: DEADLINE_MS }).toContain(text);

  await moderator.goto(`${url}/moderate#moderator=${token}`);
  const row = moderator.getByRole("article").filter({ hasText: text });
  await row.getByRole("button", { name: "Remove…" }).click();
  await row.getByLabel("Reason").fill("Advertising.");
  await moderator.keyboard.press("Enter");
  await row.waitFor({ state: "detached" });
  await moderator.getByText("Audit trail").click();
  await moderator.getByText("removed comment").first().waitFor();
  await author.getByText("No comments yet").waitFor();

  await moderator.goto(address);
  await moderator.getByRole("button", { name: "Remove this post…" }).click();
  await moderator.getByRole("button", { name: "Remove", exact: true }).click();
  await moderator.waitForURL(`${url}/`);
  await expect.poll(() => statusOf(address), { timeout: DEADLINE_MS }).toBe(404);
});

test("a send that fails says so in sight, however long the text is, and the writer can go on writing", async () => {
  const page = await person(phone);
  await writePost(page);
  await page.route("**/comments", (route) => route.abort());
  const field = page.getByLabel("Comment", { exact: true });
  await field.fill(Array.from({ length: 60 }, (_, line) => `Line ${line}`).join("\n"));
  await field.evaluate((each) => each.scrollIntoView({ block: "start" }));
  await page.keyboard.press("Control+Enter");
  const failure = page.getByRole("alert").filter({ hasText: "Your text is kept: send it again." });
  await failure.waitFor();
  const isInSight = (element: Element) => element.getBoundingClientRect().bottom <= window.innerHeight;
  await expect.poll(() => failure.evaluate(isInSight), { timeout: DEADLINE_MS }).toBe(true);
  expect(await field.evaluate((each) => each === document.activeElement)).toBe(true);
  expect(await violations(page)).toEqual([]);
});

async function person(viewport = desktop): Promise<Page> {
  const page = await (await browser.newContext({ viewport })).newPage();
  page.setDefaultTimeout(DEADLINE_MS);
  await watchLayout(page);
  return page;
}

/** Ends on the page of the new post, whose address it returns. */
async function writePost(page: Page): Promise<string> {
  const title = `Taken back, ${new Date().toISOString()}`;
  await page.goto(url);
  await page.getByLabel("Title").fill(title);
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByRole("link", { name: title }).click();
  await page.getByRole("button", { name: "Edit this post" }).waitFor();
  await page.getByText("being published").waitFor({ state: "detached" });
  return page.url();
}

async function statusOf(address: string): Promise<number> {
  return (await fetch(address.replace("/post/", "/posts/"))).status;
}
