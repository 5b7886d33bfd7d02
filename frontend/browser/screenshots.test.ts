import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { desktop, openBrowser, phone } from "./chromium.ts";
import { overflow, violations } from "./inspect.ts";
import { blog } from "./scenes/blog.ts";
import { desk } from "./scenes/desk.ts";
import { flow } from "./scenes/flow.ts";
import { openScene } from "./scenes/open.ts";

const FOLDER = join(import.meta.dirname, "../screenshots");

const scenes = { ...blog, ...desk, ...flow };

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
  const page = await openScene(browser, scene, look);
  await page.screenshot({
    path: join(FOLDER, `${name}-${look.scheme}-${look.device}.png`),
    fullPage: !scene.isPart,
    animations: scene.moves ? "allow" : "disabled",
  });
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await page.context().close();
});
