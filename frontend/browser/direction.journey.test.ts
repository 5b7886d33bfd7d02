import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { desktop, openBrowser } from "./chromium.ts";
import { blog } from "./scenes/blog.ts";
import { desk } from "./scenes/desk.ts";
import { flow } from "./scenes/flow.ts";
import { openScene } from "./scenes/open.ts";
import type { Scene } from "./scenes/scene.ts";
import { written } from "./scenes/written.ts";

const OVERRIDE = "\u202eeman";
const OPEN_ISOLATE = "\u2067name";
const HEBREW = "שלום!";

const scenes = {
  "the posts": blog["home-busy"],
  "an own post on its way": blog["home-publishing"],
  "a post of an operator": blog["post-operated"],
  "held comments": desk["desk-held"],
  "rejected comments": desk["desk-rejected"],
  "a flow in trouble": flow["flow-retrying"],
  "dead letters": flow["flow-dead-letter"],
  "an event": flow["flow-event"],
  "a contract": flow["flow-contract"],
  "a subscription": flow["flow-replay"],
  "a new subscription": flow["flow-subscribe"],
} as Record<string, Scene>;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

test.each(Object.entries(scenes))("%s: what somebody wrote turns no other words around", async (_, scene) => {
  for (const text of [OVERRIDE, OPEN_ISOLATE, HEBREW]) {
    const page = await openScene(browser, written(scene, text), { viewport: desktop });
    expect(await turned(page), JSON.stringify(text)).toEqual([]);
    await page.context().close();
  }
});

test("a Hebrew title ends on its left, in the list, on its page, and on the desk", async () => {
  for (const name of ["the posts", "a post of an operator", "held comments"]) {
    const page = await openScene(browser, written(scenes[name] as Scene, HEBREW), { viewport: desktop });
    const text = page.getByText(HEBREW).filter({ visible: true }).first();
    expect(await text.evaluate(isRightToLeft), name).toBe(true);
    await page.context().close();
  }
});

test("the title of the window keeps its own words in their order", async () => {
  const scene = { ...(blog["post-busy"] as Scene) };
  const page = await openScene(browser, written(scene, OVERRIDE), { viewport: desktop });
  expect(await page.title()).toBe(`\u2068${OVERRIDE}\u202c\u2069 · Blogbus`);
  await page.context().close();
});

test.each([
  ["a new post", blog["home-empty"]],
  ["a new comment", blog["post-empty"]],
  ["a reason", desk["desk-rejecting"]],
  ["a new subscription, and the filter", flow["flow-subscribe"]],
] as [string, Scene][])("%s: fields follow the direction of what is typed", async (_, scene) => {
  const page = await openScene(browser, scene, { viewport: desktop });
  // A moment is the browser's own to write.
  const fields = await page.getByRole("textbox").and(page.locator(":not([type=datetime-local])")).all();
  expect(fields.length).toBeGreaterThan(0);
  for (const field of fields) {
    await field.fill(HEBREW);
    expect(await field.evaluate((each) => getComputedStyle(each).direction)).toBe("rtl");
    await field.fill("hello!");
    expect(await field.evaluate((each) => getComputedStyle(each).direction)).toBe("ltr");
  }
  await page.context().close();
});

function isRightToLeft(element: Element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const node = walker.nextNode() as Text;
  const at = (index: number) => {
    const range = document.createRange();
    range.setStart(node, index);
    range.setEnd(node, index + 1);
    return range.getBoundingClientRect().left;
  };
  return at(node.length - 1) < at(0);
}

/** The Latin texts of the page whose letters do not run from left to right. */
function turned(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
      const text = node.data;
      const first = text.search(/[A-Za-z]{2}/);
      if (first < 0 || /[^\x20-\x7e“”’…·–×\n]/.test(text) || text.includes("name") || text.includes("eman"))
        continue;
      const [one, two] = [0, 1].map((step) => {
        const range = document.createRange();
        range.setStart(node as Text, first + step);
        range.setEnd(node as Text, first + step + 1);
        return range.getBoundingClientRect();
      });
      if (one && two && one.width > 0 && one.top === two.top && two.left < one.left) found.push(text);
    }
    return found;
  });
}
