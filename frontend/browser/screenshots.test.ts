import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page, Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { desktop, openBrowser, phone, url } from "./chromium.ts";
import { overflow, violations } from "./inspect.ts";
import { own, post, posts, waiting } from "./samples.ts";

const FOLDER = join(import.meta.dirname, "../screenshots");

const json = (body: unknown, headers = {}) => ({ json: body, headers });
const down = (service: string) => ({
  status: 502,
  contentType: "application/problem+json",
  body: JSON.stringify({
    title: "Bad Gateway",
    status: 502,
    detail: `The ${service} service does not answer.`,
  }),
});
const never = "never";
type Answer = Parameters<Route["fulfill"]>[0] | typeof never;

type Scene = {
  path: string;
  answers: Record<string, Answer>;
  stored?: Record<string, unknown>;
  act?: (page: Page) => Promise<unknown>;
  ready: string;
};

const list = json(posts, { link: '</posts?before=x>; rel="next"' });
const read = `/posts/${post.id}`;
const mine = { "blogbus:own-comments": own, "blogbus:author": "Ada" };
const silent = { ...post, commentCount: 0, comments: [] };

const scenes: Record<string, Scene> = {
  "home-busy": { path: "/", answers: { "/posts": list }, ready: "What the timetable does not say" },
  "home-empty": { path: "/", answers: { "/posts": json([]) }, ready: "Nothing has been written yet" },
  "home-loading": { path: "/", answers: { "/posts": never }, ready: "Loading posts" },
  "home-failing": { path: "/", answers: { "/posts": down("query") }, ready: "The posts cannot be shown" },
  "home-writing": {
    path: "/",
    answers: { "/posts": list, "/posts/create": down("posts") },
    stored: { "blogbus:author": "Ada" },
    ready: "The posts service does not answer",
    act: async (page) => {
      await page.getByLabel("Title").fill("The bench was always the problem");
      await page.getByLabel("Text").fill("Nobody owns a bench. That is what it is for.\n\nAnd so");
      await page.getByRole("button", { name: "Publish" }).click();
    },
  },
  "home-mistaken": {
    path: "/",
    answers: { "/posts": list },
    ready: "Give the post a title",
    act: async (page) => {
      await page.getByLabel("Title").click();
      await page.getByRole("button", { name: "Publish" }).click();
    },
  },
  "home-publishing": {
    path: "/",
    answers: { "/posts": list },
    stored: { "blogbus:own-posts": [waiting] },
    ready: "being published",
  },
  "post-busy": {
    path: `/post/${post.id}`,
    answers: { [read]: json(post) },
    stored: mine,
    ready: "Waiting for",
  },
  "post-stale": {
    path: `/post/${post.id}`,
    answers: { [read]: json(post) },
    ready: "may be out of date",
    act: async (page) => {
      await page.getByText("6 comments").waitFor();
      await page.route(`**${read}`, (route) => route.fulfill(down("query")));
    },
  },
  "post-empty": { path: `/post/${post.id}`, answers: { [read]: json(silent) }, ready: "No comments yet" },
  "post-loading": { path: `/post/${post.id}`, answers: { [read]: never }, ready: "Loading the post" },
  "post-failing": {
    path: `/post/${post.id}`,
    answers: { [read]: down("query") },
    ready: "The post cannot be shown",
  },
  "post-unsent": {
    path: `/post/${post.id}`,
    answers: { [read]: json(silent), [`${read}/comments`]: down("comments") },
    stored: { "blogbus:author": "Ada" },
    ready: "The comments service does not answer",
    act: async (page) => {
      await page.getByLabel("Comment", { exact: true }).fill("Twice at the same door: I know that walk.");
      await page.getByRole("button", { name: "Send" }).click();
    },
  },
  "post-missing": {
    path: `/post/${post.id}`,
    answers: { [read]: { status: 404, contentType: "application/problem+json", body: "{}" } },
    ready: "No page stops here",
  },
};

const looks = (["light", "dark"] as const).flatMap((scheme) => [
  { scheme, device: "phone", viewport: phone },
  { scheme, device: "desktop", viewport: desktop },
]);

let browser: Browser;
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  browser = await openBrowser();
});
afterAll(() => browser.close());

const cases = Object.entries(scenes).flatMap(([name, scene]) => looks.map((look) => ({ name, scene, look })));

test.each(cases)("$name, $look.scheme, on a $look.device", async ({ name, scene, look }) => {
  const context = await browser.newContext({
    viewport: look.viewport,
    colorScheme: look.scheme,
    locale: "en-GB",
  });
  const page = await context.newPage();
  await page.addInitScript((stored) => {
    for (const [key, value] of Object.entries(stored)) localStorage.setItem(key, JSON.stringify(value));
  }, scene.stored ?? {});
  await page.route(/\/posts(\/|\?|$)/, (route) => {
    const answer = scene.answers[new URL(route.request().url()).pathname];
    return answer === never ? undefined : route.fulfill(answer);
  });
  await page.goto(url + scene.path);
  await scene.act?.(page);
  await page.mouse.move(0, 0);
  await page.getByText(scene.ready).first().waitFor();
  await page.screenshot({
    path: join(FOLDER, `${name}-${look.scheme}-${look.device}.png`),
    fullPage: true,
    animations: "disabled",
  });
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await context.close();
});
