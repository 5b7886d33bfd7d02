import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { desktop, openBrowser, phone, url } from "./chromium.ts";
import { layoutShift, overflow, violations, watchLayout } from "./inspect.ts";
import { token as tokenOf } from "./manage.ts";
import { ask } from "./system.ts";

const DEADLINE_MS = 20_000;

let browser: Browser;
let token: string;
let reader: Page;
let moderator: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await openBrowser();
  token = await tokenOf("moderator");
});
afterAll(() => browser.close());

beforeEach(async () => {
  complaints = [];
  reader = await person();
  moderator = await person();
});
afterEach(() => Promise.all([reader, moderator].map((page) => page.context().close())));

test("a held comment is decided at the desk and flips on the reader's page, and so does its undoing", async () => {
  const mine = await holdComment("Read this: https://example.org/");
  await moderator.goto(`${url}/moderate#moderator=${token}`);
  const row = moderator.getByRole("article").filter({ hasText: mine.text });
  await row.getByText("It contains a link, so a person decides.").waitFor();
  await row.getByRole("link", { name: mine.title }).waitFor();
  expect(moderator.url()).toBe(`${url}/moderate`);

  await row.getByRole("button", { name: "Approve" }).click();
  await row.getByText("Approved by a moderator").waitFor();
  await mine.comment.getByText("Approved.").waitFor();

  await row.getByRole("button", { name: "Reject…" }).click();
  await row.getByLabel("Reason").fill("Tell us what it says.");
  await row.getByRole("button", { name: "Reject", exact: true }).click();
  await mine.comment.getByText("Rejected. Tell us what it says.").waitFor();

  expect(await reader.evaluate("window.hasNotReloaded")).toBe(true);
  expect(await layoutShift(reader)).toBeLessThan(0.01);
  expect(complaints).toEqual([]);
});

test("the keyboard alone is enough, and what is new neither moves a row nor takes the focus", async () => {
  const mine = await holdComment("With keys: www.example.org");
  await moderator.goto(`${url}/moderate#moderator=${token}`);
  const row = moderator.getByRole("article").filter({ hasText: mine.text });
  await row.waitFor();
  await moderator.keyboard.press("?");
  await moderator.getByRole("dialog", { name: "Keys" }).waitFor();
  expect(await violations(moderator)).toEqual([]);
  await moderator.keyboard.press("Escape");
  await moderator.getByRole("dialog").waitFor({ state: "hidden" });

  await moderator.keyboard.press("j");
  const place = await row.boundingBox();
  await send("One more: www.example.org/2");
  await moderator.getByRole("button", { name: /Show \d+ new comment/ }).waitFor();
  expect(await row.boundingBox()).toEqual(place);
  expect(await row.evaluate((article) => article === document.activeElement)).toBe(true);

  await moderator.keyboard.press("r");
  await moderator.keyboard.type("jar");
  await moderator.keyboard.press("Enter");
  await row.getByText("“jar”").waitFor();
  await mine.comment.getByText("Rejected. jar").waitFor();
  // It goes on to the next, if there is one.
  await row.focus();
  await moderator.keyboard.press("a");
  await mine.comment.getByText("Approved.").waitFor();
  expect(await layoutShift(moderator)).toBeLessThan(0.01);
  expect(complaints).toEqual([]);
});

test("what is searched for is selected and decided at once, in the order of one's choice, and Back works", async () => {
  const mine = await holdComment("First: www.example.org/1");
  await send("Second: www.example.org/2");
  await expect.poll(heldTexts, { timeout: DEADLINE_MS }).toContain("Second: www.example.org/2");
  await moderator.goto(`${url}/moderate#moderator=${token}`);
  const rows = moderator.getByRole("article");
  await rows.first().waitFor();
  await rows.filter({ hasText: mine.text }).getByRole("button", { name: "Thread" }).click();
  await moderator.getByRole("link", { name: "All comments on this post" }).click();
  await moderator.getByRole("link", { name: "Remove filter:", exact: false }).waitFor();
  await expect.poll(() => rows.count(), { timeout: DEADLINE_MS }).toBe(2);
  expect(await rows.first().innerText()).toContain("First:");

  await moderator.keyboard.press("/");
  await moderator.keyboard.type("WWW.EXAMPLE.ORG");
  await moderator.keyboard.press("Enter");
  await moderator.waitForURL(/q=WWW/);
  await moderator.getByRole("button", { name: "Select all" }).click();
  expect(await violations(moderator)).toEqual([]);
  await moderator.keyboard.press("a");
  await moderator.getByText("2 comments approved.").waitFor({ state: "attached" });
  await mine.comment.getByText("Approved.").waitFor();
  await moderator.goBack();
  await moderator.waitForURL((address) => !address.search.includes("q="));
  expect(complaints).toEqual([]);
});

test("a word that a moderator bans is rejected from then on, until it is removed", async () => {
  const word = `quince${Date.now()}`;
  await moderator.goto(`${url}/moderate/rules#moderator=${token}`);
  await moderator.getByRole("textbox", { name: "Ban a word" }).fill(word);
  await moderator.getByText(/^It would have made no difference|^There is no comment/).waitFor();
  await moderator.keyboard.press("Enter");
  const remove = moderator.getByRole("button", { name: `Remove ${word}` });
  await remove.waitFor();
  expect(await violations(moderator)).toEqual([]);
  expect(await overflow(moderator)).toBeLessThanOrEqual(0);

  await holdComment("A post to write on: www.example.org");
  await reader.getByLabel("Comment", { exact: true }).fill(`A ${word.toUpperCase()}!`);
  await reader.getByRole("button", { name: "Send" }).click();
  await reader.getByText(`Rejected. It contains the banned word “${word}”.`).first().waitFor();
  await remove.click();
  await remove.waitFor({ state: "detached" });
  expect(complaints).toEqual([]);
});

test("every tab of the desk is in order on a desk and on a phone, and nothing jumps", async () => {
  for (const viewport of [desktop, phone]) {
    const page = await person();
    await page.setViewportSize(viewport);
    await page.goto(`${url}/moderate#moderator=${token}`);
    for (const name of ["Rejected", "Approved", "All", "Held"]) {
      await page.getByRole("link", { name: new RegExp(`^${name}`) }).click();
      await page.getByRole("article").first().or(page.getByText("No comments to decide")).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }
    expect(await layoutShift(page)).toBeLessThan(0.01);
    await page.context().close();
  }
  expect(complaints).toEqual([]);
});

test("a token that is not the moderator's is sent back, and the desk asks for another", async () => {
  await moderator.goto(`${url}/moderate#moderator=${await tokenOf("operator")}`);
  await moderator.getByText("This needs the moderator's token, and yours is the operator's.").waitFor();
  expect(await violations(moderator)).toEqual([]);
  await moderator.getByRole("textbox", { name: "Token" }).fill(token);
  await moderator.getByRole("button", { name: "Open" }).click();
  await moderator.getByRole("link", { name: /^Held / }).waitFor();
});

async function person(): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ viewport: desktop });
  const page = await context.newPage();
  page.setDefaultTimeout(DEADLINE_MS);
  page.on(
    "console",
    (message) => message.type() === "error" && complaints.push(`${message.text()} ${message.location().url}`),
  );
  page.on("pageerror", (error) => complaints.push(error.message));
  await watchLayout(page);
  return page;
}

/** The reader writes a post, and under it a comment that the rules hold. */
async function holdComment(about: string) {
  const title = `At the desk, ${new Date().toISOString()}`;
  await reader.goto(url);
  await reader.getByLabel("Title").fill(title);
  await reader.getByRole("button", { name: "Publish" }).click();
  // Until query knows the post, asking for it is answered 404, and the browser writes that down as an error.
  const item = reader.getByRole("listitem").filter({ hasText: title });
  await item.getByRole("link").waitFor();
  await item.getByText("being published").waitFor({ state: "detached" });
  await item.getByRole("link").click();
  await reader.getByRole("heading", { level: 1, name: title }).waitFor();
  // What jumped before was asked for: the form of a post unfolds.
  await reader.evaluate("window.layoutShift = 0; window.hasNotReloaded = true");
  const text = `${about} (${title})`;
  await send(text);
  // What reaches the desk after it was opened waits behind a button.
  await expect.poll(heldTexts, { timeout: DEADLINE_MS }).toContain(text);
  return { title, text, comment: reader.getByRole("listitem").filter({ hasText: text }) };
}

async function heldTexts(): Promise<string[]> {
  const held = await ask("GET", "/moderation/comments?status=pending", undefined, token);
  return held.map(({ content }: { content: string }) => content);
}

async function send(text: string) {
  await reader.getByLabel("Comment", { exact: true }).fill(text);
  await reader.getByRole("button", { name: "Send" }).click();
  await reader.getByRole("listitem").filter({ hasText: text }).getByText("Waiting for moderation.").waitFor();
}
