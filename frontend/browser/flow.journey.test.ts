import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { desktop, openBrowser, phone, url } from "./chromium.ts";
import { startForeign } from "./foreign.ts";
import { layoutShift, overflow, violations, watchLayout } from "./inspect.ts";
import { manage } from "./manage.ts";
import { ask } from "./system.ts";

const DEADLINE_MS = 30_000;
/** A browser has six for each host. */
const MORE_THAN_CONNECTIONS = 7;

let browser: Browser;
let context: BrowserContext;
let page: Page;
let token: string;

beforeAll(async () => {
  browser = await openBrowser();
  token = await manage("token", "operator");
});
afterAll(() => browser.close());

beforeEach(async () => {
  context = await browser.newContext({ viewport: desktop });
  context.setDefaultTimeout(DEADLINE_MS);
  page = await context.newPage();
  await watchLayout(page);
});
afterEach(() => context.close());

test("the address that up prints opens the page, and a comment's way is seen on it", async () => {
  const address = (await manage("up", "--detach", "--no-open")).match(/http\S+\/flow#operator=\S+/)?.[0];
  await page.goto(address ?? "up printed no address");
  await live();
  expect(page.url()).toBe(`${url}/flow`);
  await page.evaluate(watchTravel);
  const post = await ask("POST", "/posts/create", { title: "Seen on its way" });
  const comment = await ask("POST", `/posts/${post.id}/comments`, { content: "hello" });
  // Which dots travel one by one, and in which order, a busy machine decides; that every line has its traffic, it does not.
  await expect
    .poll(() => page.evaluate("window.travelled"), { timeout: DEADLINE_MS })
    .toEqual(
      expect.arrayContaining([
        "into:posts",
        "into:comments",
        "out:moderation",
        "into:moderation",
        "out:comments",
        "out:query",
      ]),
    );
  await events()
    .getByRole("link", { name: `CommentCreated comments hello ${comment.id.slice(0, 8)}` })
    .click();
  const panel = page.getByRole("complementary", { name: "CommentCreated" });
  const caused = panel.getByRole("link", { name: "CommentModerated" }).first();
  await caused.waitFor();
  await panel.getByText("published by comments, because of CommentModerated").waitFor();
  expect(await panel.getByText(/^200 in/).count()).toBe(2);
  expect(await panel.getByText(/^\s*settled|settled$/).count()).toBe(2);
  await panel.getByText('"content": "hello"').first().waitFor();
  const stored = panel.getByRole("listitem").filter({ hasText: /^Comment\w+: stored after [\d.]+ ms/ });
  await expect.poll(() => stored.count(), { timeout: DEADLINE_MS }).toBe(3);
  for (const [event, subscriptions] of [
    ["CommentCreated", ["moderation", "query"]],
    ["CommentModerated", ["comments"]],
    ["CommentUpdated", ["moderation", "query"]],
  ] as const)
    for (const subscription of subscriptions)
      await stored
        .filter({ hasText: event })
        .getByText(new RegExp(`^${subscription}: waited [\\d.]+ m?s, worked [\\d.]+ m?s$`))
        .waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await layoutShift(page)).toBeLessThan(0.01);

  await caused.click();
  await page.getByRole("complementary", { name: "CommentModerated" }).waitFor();
  await page.goBack();
  await panel.waitFor();
  await page.goBack();
  await panel.waitFor({ state: "detached" });
});

test("a stopped service is seen to be retried, with growing lag, and recovers by itself", async () => {
  const post = await ask("POST", "/posts/create", { title: "While moderation is away" });
  const reader = await context.newPage();
  await reader.goto(`${url}/post/${post.id}`);
  await openFlow();
  await manage("stop", "moderation");
  try {
    await comment(reader, "Is anybody there?");
    await row("moderation").getByRole("cell", { name: "retrying" }).waitFor();
    await node("moderation").getByText("1 behind").waitFor();
    await comment(reader, "Hello?");
    await node("moderation").getByText("2 behind").waitFor();
    await page.locator('path[data-state="retrying"]').waitFor({ state: "attached" });
    expect(await reader.getByText(/^Waiting for moderation\./).count()).toBe(2);
    expect(await violations(page)).toEqual([]);
  } finally {
    await manage("start", "moderation");
  }
  await node("moderation").getByText("up to date").waitFor();
  await row("moderation").getByRole("cell", { name: "active" }).waitFor();
  await reader.getByText("Approved.").nth(1).waitFor();
});

test("a poison event becomes a dead letter; its cause mended, a retry brings it and what waited, in order", async () => {
  const post = await ask("POST", "/posts/create", { title: "A poisoned one" });
  const poison = `poison for ${post.id}`;
  const foreign = await startForeign(({ data }) => data.content === poison);
  await ask(
    "PUT",
    "/bus/subscriptions/printer",
    order(foreign.url, ["CommentCreated", "CommentUpdated"]),
    token,
  );
  try {
    await openFlow();
    const bad = await ask("POST", `/posts/${post.id}/comments`, { content: poison });
    const good = await ask("POST", `/posts/${post.id}/comments`, { content: "harmless" });
    const letters = page.getByRole("region", { name: "1 dead letter" });
    await letters.getByText("answered 500: I cannot read this.").waitFor();
    await letters.getByText("5 attempts").waitFor();
    await letters.getByRole("link", { name: "CommentUpdated" }).waitFor();
    await node("printer").getByText("1 parked, 1 dead letter").waitFor();
    expect(await page.title()).toBe("(1) Flow · Blogbus");
    await page.getByRole("button", { name: "Show it" }).click();
    await letters.locator("h2:focus").waitFor();
    expect(of(foreign.taken, good.id)).toEqual(["CommentCreated", "CommentUpdated"]);
    expect(of(foreign.taken, bad.id)).toEqual([]);
    expect(await violations(page)).toEqual([]);

    foreign.stumblesOver = () => false;
    await letters.getByRole("button", { name: "Retry CommentCreated for printer" }).click();
    await page.getByText("CommentCreated for printer: applied.").waitFor();
    await letters.waitFor({ state: "detached" });
    expect(await page.title()).toBe("Flow · Blogbus");
    await node("printer").getByText("up to date").waitFor();
    expect(of(foreign.taken, bad.id)).toEqual(["CommentCreated", "CommentUpdated"]);
  } finally {
    await ask("DELETE", "/bus/subscriptions/printer", undefined, token);
    foreign.stop();
  }
});

test("a dead letter can be given up, after a question, and what waited behind it goes on", async () => {
  const post = await ask("POST", "/posts/create", { title: "Another poisoned one" });
  const poison = `poison for ${post.id}`;
  const foreign = await startForeign(
    ({ type, data }) => type === "CommentCreated" && data.content === poison,
  );
  await ask(
    "PUT",
    "/bus/subscriptions/printer",
    order(foreign.url, ["CommentCreated", "CommentUpdated"]),
    token,
  );
  try {
    await openFlow();
    const bad = await ask("POST", `/posts/${post.id}/comments`, { content: poison });
    const letters = page.getByRole("region", { name: "1 dead letter" });
    await letters.getByRole("link", { name: "CommentUpdated" }).waitFor();
    await letters.getByRole("button", { name: "Discard CommentCreated for printer" }).click();
    await letters.getByText("Discard it? No replay delivers it again.").waitFor();
    await letters.getByRole("button", { name: "Discard", exact: true }).click();
    await letters.waitFor({ state: "detached" });
    await node("printer").getByText("up to date").waitFor();
    expect(of(foreign.taken, bad.id)).toEqual(["CommentUpdated"]);
  } finally {
    await ask("DELETE", "/bus/subscriptions/printer", undefined, token);
    foreign.stop();
  }
});

test("a foreign service is subscribed by the form, gets what was written before, and is removed", async () => {
  const post = await ask("POST", "/posts/create", { title: "Before it came" });
  const foreign = await startForeign(() => false);
  try {
    await openFlow();
    await page.getByRole("link", { name: "Subscribe a service" }).click();
    const form = page.getByRole("form", { name: "Subscribe a service" });
    await form.getByLabel("Name").fill("printer");
    await form.getByLabel("URL").fill("http://192.0.2.7/events");
    await form.getByRole("checkbox", { name: "PostCreated" }).check();
    await form.getByRole("button", { name: "Subscribe" }).click();
    await form.getByText("192.0.2.7 is not on the bus's allow-list (EVENTBUS_ALLOWED_HOSTS).").waitFor();
    expect(await violations(page)).toEqual([]);
    await form.getByLabel("URL").fill(foreign.url);
    await form.getByRole("button", { name: "Subscribe" }).click();
    await page.getByText(`printer gets PostCreated at ${foreign.url}.`).waitFor();
    await row("printer").waitFor();
    await expect.poll(() => of(foreign.taken, post.id), { timeout: DEADLINE_MS }).toEqual(["PostCreated"]);

    await row("printer").getByRole("link", { name: "printer", exact: true }).click();
    await page.getByRole("button", { name: "Remove printer" }).click();
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await row("printer").waitFor({ state: "detached" });
  } finally {
    await ask("DELETE", "/bus/subscriptions/printer", undefined, token).catch(() => {});
    foreign.stop();
  }
});

test("under faults, and after a replay, the blog shows every comment once", async () => {
  const post = await ask("POST", "/posts/create", { title: "In bad weather" });
  await openFlow();
  await page.getByRole("link", { name: "Break it" }).click();
  try {
    for (const [fault, value] of [
      ["Drop", "0.3"],
      ["Repeat", "0.5"],
      ["Reorder", "0.5"],
    ] as const) {
      await page.getByLabel(fault).fill(value);
    }
    await page.getByText("30 % get lost, 50 % are sent twice, 50 % are followed by an older one").waitFor();
    const words = ["one", "two", "three", "four", "five"];
    for (const content of words) await ask("POST", `/posts/${post.id}/comments`, { content });
    const reader = await context.newPage();
    await reader.goto(`${url}/post/${post.id}`);
    for (const word of words) await reader.getByText(word, { exact: true }).waitFor();

    await row("query").getByRole("link", { name: "query", exact: true }).click();
    await page.getByRole("button", { name: /^Send [\d,]+ events again$/ }).click();
    await page.getByText(/Delivering [\d,]+ events to query again\./).waitFor();
    await page.getByRole("link", { name: "Close" }).click();
    await page.getByRole("button", { name: "Remove all faults" }).click();
    await page.getByText("have faults on purpose").waitFor({ state: "detached" });
    await node("query").getByText("up to date").waitFor();
    const { comments, commentCount } = await ask("GET", `/posts/${post.id}`);
    expect(commentCount).toBe(words.length);
    expect(
      comments.map(({ content, status }: Record<string, string>) => `${content}: ${status}`).sort(),
    ).toEqual(words.map((word) => `${word}: approved`).sort());
  } finally {
    await ask("PUT", "/bus/faults", { drop: 0, repeat: 0, reorder: 0, delay: 0 }, token);
  }
});

test("whatever the map can do, the keyboard can", async () => {
  await openFlow();
  await row("query").getByRole("button", { name: "Pause query" }).focus();
  await page.keyboard.press("Enter");
  await row("query").getByRole("button", { name: "Resume query" }).waitFor();
  await node("query").getByText("paused").waitFor();
  await page.keyboard.press("Enter");
  await row("query").getByRole("button", { name: "Pause query" }).waitFor();
  await node("query").getByText("paused").waitFor({ state: "detached" });
  const subscriptions = await ask("GET", "/bus/subscriptions", undefined, token);
  expect(subscriptions.map(({ state }: { state: string }) => state)).not.toContain("paused");
  await row("query").getByRole("link", { name: "CommentUpdated" }).focus();
  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary", { name: "CommentUpdated" });
  await panel.locator("h2:focus").waitFor();
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  await events().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("complementary").getByText("stored by the bus").waitFor();
  expect(page.url()).toMatch(/\?event=/);
});

test("the list holds still for who points at it and for who has the focus in it, until both are gone", async () => {
  await openFlow();
  const waiting = page.getByRole("button", { name: /newer event/ });
  const filter = page.getByLabel("Subject");
  const publish = () => ask("POST", "/posts/create", { title: "While it is held" });
  await events().hover();
  await events().focus();
  await publish();
  await waiting.waitFor();
  const shown = await events().getByRole("link").allTextContents();
  await filter.focus();
  await events().getByRole("link").nth(2).focus();
  await page.mouse.move(0, 0);
  await publish();
  await waiting.filter({ hasText: "2" }).waitFor();
  expect(await events().getByRole("link").allTextContents()).toEqual(shown);
  await filter.focus();
  await waiting.waitFor({ state: "detached" });
});

test("a press on a row opens that row, also when the focus was on the list", async () => {
  await openFlow();
  await events().hover();
  await events().focus();
  await ask("POST", "/posts/create", { title: "Pressed" });
  await page.getByRole("button", { name: /newer event/ }).waitFor();
  const row = events().getByRole("link").nth(2);
  const href = await row.getAttribute("href");
  await row.click();
  await page.getByRole("complementary").getByText("stored by the bus").waitFor();
  expect(page.url()).toContain(href);
});

test("the bus goes down: the page says so, keeps its picture, and goes on by itself", async () => {
  await openFlow();
  await manage("stop", "eventbus");
  try {
    await page.getByRole("alert").getByText("This is the state at").waitFor();
    await node("query").waitFor();
    expect(await violations(page)).toEqual([]);
  } finally {
    await manage("start", "eventbus");
  }
  await live();
  await page.getByRole("alert").waitFor({ state: "detached" });
});

test("tabs that nobody looks at leave the next one a connection, and are of the present when looked at", async () => {
  for (let opened = 0, tab = page; opened < MORE_THAN_CONNECTIONS; opened++, tab = await context.newPage()) {
    await openFlow("", tab);
    await look(tab, "hidden");
  }
  const post = await ask("POST", "/posts/create", { title: `While nobody looked, ${Date.now()}` });
  const reader = await context.newPage();
  await reader.goto(`${url}/post/${post.id}`);
  await reader.getByRole("heading", { level: 1, name: post.title }).waitFor();
  await look(page, "visible");
  await events().getByText(post.id).waitFor();
});

test("a link to a subject shows its events and nothing else, on a phone as well", async () => {
  const post = await ask("POST", "/posts/create", { title: "Linked to" });
  await page.setViewportSize(phone);
  await openFlow(`?subject=${post.id}`);
  await events().getByRole("link", { name: "PostCreated" }).waitFor();
  expect(await events().getByRole("link").count()).toBe(1);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(await violations(page)).toEqual([]);
  expect(await layoutShift(page)).toBeLessThan(0.01);
});

test("who asks for less motion sees rates and no dots", async () => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openFlow();
  await ask("POST", "/posts/create", { title: "Without motion" });
  await page.locator('[data-line="into:posts"]', { hasText: "/s" }).waitFor({ state: "attached" });
  expect(await page.locator("[data-edge]").count()).toBe(0);
});

/** Runs in the page: notes the line of each dot on the map as it departs. */
function watchTravel() {
  const travelled: string[] = [];
  Object.assign(window, { travelled });
  new MutationObserver((changes) => {
    for (const dot of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      const edge = dot instanceof HTMLElement && dot.dataset.edge;
      if (edge) travelled.push(edge);
    }
  }).observe(document.body, { childList: true, subtree: true });
}

async function openFlow(search = "", tab = page) {
  await tab.goto(`${url}/flow${search}#operator=${token}`);
  await live(tab);
}

function live(tab = page) {
  return tab.getByText("Live", { exact: true }).waitFor();
}

/** Hides a tab, or brings it back; without a window every tab counts as seen. */
function look(tab: Page, visibility: DocumentVisibilityState) {
  return tab.evaluate((now) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => now === "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  }, visibility);
}

function events() {
  return page.getByRole("region", { name: "Events, newest first" });
}

function row(name: string) {
  return page.getByRole("row", { name: new RegExp(`^${name}`) });
}

function node(name: string) {
  return page.locator(`[data-node="out:${name}"]`);
}

function order(foreign: string, types: string[]) {
  return { url: foreign, types, format: "single" };
}

function of(taken: { type: string; subject: string }[], subject: string) {
  return taken.filter((event) => event.subject === subject).map(({ type }) => type);
}

async function comment(reader: Page, text: string) {
  await reader.getByLabel("Comment", { exact: true }).fill(text);
  await reader.getByRole("button", { name: "Send" }).click();
  await reader.getByRole("listitem").getByText(text, { exact: true }).waitFor();
}
