import type { Browser, Page } from "playwright-core";
import { url } from "../chromium.ts";
import { never, type Scene, streaming, unavailable } from "./scene.ts";

const DEADLINE_MS = 20_000;
const began = Date.now();

type Look = { viewport: { width: number; height: number }; scheme?: "light" | "dark" };

/** The page of a scene in a context of its own, when its `ready` shows. Close the page's context after use. */
export async function openScene(
  browser: Browser,
  scene: Scene,
  { viewport, scheme = "light" }: Look,
): Promise<Page> {
  const context = await browser.newContext({ viewport, colorScheme: scheme, locale: "en-GB" });
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
  return page;
}
