import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { desktop, openBrowser, phone, url } from "./chromium.ts";
import { overflow, violations } from "./inspect.ts";
import { blog } from "./scenes/blog.ts";
import { desk } from "./scenes/desk.ts";
import { flow } from "./scenes/flow.ts";
import { never, streaming, unavailable } from "./scenes/scene.ts";

const DEADLINE_MS = 20_000;
const FOLDER = join(import.meta.dirname, "../screenshots");

const scenes = { ...blog, ...desk, ...flow };

const looks = (["light", "dark"] as const).flatMap((scheme) => [
  { scheme, device: "phone", viewport: phone },
  { scheme, device: "desktop", viewport: desktop },
]);

const began = Date.now();
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
  // What a sample calls two seconds ago stays that, however long the others take.
  await page.clock.install({ time: began });
  page.setDefaultTimeout(DEADLINE_MS);
  await page.addInitScript((stored) => {
    for (const [key, value] of Object.entries(stored)) localStorage.setItem(key, JSON.stringify(value));
  }, scene.stored ?? {});
  await page.route(/\/(posts|bus|moderation)(\/|\?|$)/, (route) => {
    const { pathname, search } = new URL(route.request().url());
    const answer = scene.answers[pathname + search] ?? scene.answers[pathname] ?? unavailable;
    return answer === never ? undefined : route.fulfill(answer);
  });
  if (scene.stream) await page.addInitScript(streaming, scene.stream);
  await page.goto(url + scene.path);
  await scene.act?.(page);
  await page.mouse.move(0, 0);
  await page.getByText(scene.ready).filter({ visible: true }).first().waitFor();
  await page.screenshot({
    path: join(FOLDER, `${name}-${look.scheme}-${look.device}.png`),
    fullPage: !scene.isPart,
    animations: scene.moves ? "allow" : "disabled",
  });
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await context.close();
});
