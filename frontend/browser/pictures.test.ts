/** The pictures of the documents, of a run that has just begun: `manage_all.py up`, and `npm run pictures`. */

import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { desktop, openBrowser, url } from "./chromium.ts";
import { manage, token } from "./manage.ts";
import { ask } from "./system.ts";

const FOLDER = join(import.meta.dirname, "../../docs/images");
const SMALL = { width: 800, height: 1000 };
const BODY =
  "So we made a rule, and the rule was small. Whoever gives writes it down first. Whoever takes says so. Until the word " +
  "comes back, the letter is still mine, even if I have to walk up the same hill twice with the same letter and be told " +
  "at the door: *thank you, we have it already*.";

let browser: Browser;
let postId: string;
beforeAll(async () => {
  browser = await openBrowser();
  expect(await ask("GET", "/posts")).toEqual([]);
  const post = { title: "The quiet moment between two pairs of hands", author: "Marit Solberg", body: BODY };
  postId = (await ask("POST", "/posts/create", post)).id;
});
afterAll(() => browser.close());

test("post, flow and path", async () => {
  await ask("POST", `/posts/${postId}/comments`, {
    author: "Tomás Rey",
    content: "“Until the word comes back, the letter is still mine.” I am putting this above my desk.",
  });
  const reader = await open(`/post/${postId}`, SMALL, "light", 2);
  const thread = reader.getByRole("listitem");
  await thread.getByText("above my desk").waitFor();
  await comment(reader, "Which hill?");
  await thread.getByText("Approved.").waitFor();
  await comment(reader, "An orange bag would have helped.");
  await thread.getByText("Rejected.").waitFor();
  await manage("stop", "moderation");
  try {
    await comment(reader, "Twice at the same door: I know that walk.");
    await thread.getByText("Waiting for moderation.").waitFor();
    await picture(reader, "post", reader.getByRole("list"));

    const operator = await open(`/flow#operator=${await token("operator")}`, desktop, "light");
    const table = operator.getByRole("region", { name: "Subscriptions" });
    await table.getByText(/; (again in|trying again)/).waitFor();
    await picture(operator, "flow", table);

    await manage("start", "moderation");
    await table.getByRole("row", { name: "moderation" }).getByText("up to date").waitFor();
    await operator.getByRole("link", { name: "CommentCreated comments Twice at the same" }).click();
    await operator.getByRole("link", { name: "CommentUpdated" }).nth(1).waitFor();
    await operator.evaluate(() => (document.activeElement as HTMLElement).blur());
    await operator.screenshot({ path: fileOf("path") });
  } finally {
    await manage("start", "moderation");
  }
});

test("desk", async () => {
  for (const [author, content] of [
    ["Cheap Tickets", "EVERY train, HALF price!!! http://tickets.example.com"],
    ["", "The same thing happened to us. What I wrote down that week:\n\nwww.example.org/eleven-clocks"],
    ["Tomás Rey", "There is a film about exactly this bench: https://example.org/bench"],
  ]) {
    await ask("POST", `/posts/${postId}/comments`, { author, content });
  }
  const desk = await open(`/moderate#moderator=${await token("moderator")}`, SMALL, "dark", 2);
  const rows = desk.getByRole("main").getByRole("listitem");
  await rows.nth(2).waitFor();
  await rows.filter({ hasText: "film" }).getByRole("button", { name: "Approve" }).click();
  await rows.getByText("Approved by").waitFor();
  await rows.filter({ hasText: "eleven-clocks" }).getByRole("button", { name: "Reject…" }).click();
  await desk.getByLabel("Reason").fill("Tell us what it says, too.");
  await picture(desk, "desk", rows.filter({ hasText: "Cheap Tickets" }));
});

type Size = { width: number; height: number };

async function open(path: string, viewport: Size, colorScheme: "light" | "dark", deviceScaleFactor = 1) {
  const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await page.goto(url + path);
  return page;
}

async function comment(page: Page, content: string) {
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("Comment", { exact: true }).fill(content);
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("listitem").getByText(content).waitFor();
}

/** From the top of the page to the end of `last`. */
async function picture(page: Page, name: string, last: ReturnType<Page["getByRole"]>) {
  const box = await last.boundingBox();
  const scrolled = await page.evaluate(() => window.scrollY);
  const height = Math.ceil((box?.y ?? 0) + scrolled + (box?.height ?? 0)) + 16;
  await page.screenshot({
    path: fileOf(name),
    fullPage: true,
    animations: "disabled",
    clip: { x: 0, y: 0, width: page.viewportSize()?.width ?? 0, height },
  });
}

const fileOf = (name: string) => join(FOLDER, `${name}.png`);
