import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "./chromium.ts";
import { overflow, tooWide } from "./inspect.ts";
import { blog } from "./scenes/blog.ts";
import { desk } from "./scenes/desk.ts";
import { flow } from "./scenes/flow.ts";
import { openScene } from "./scenes/open.ts";
import { json, refused, type Scene } from "./scenes/scene.ts";
import { written } from "./scenes/written.ts";

const LONG = {
  "one word of 39 letters": "Donaudampfschiffahrtselektrizitätenhaup",
  "one word of 300 letters": "W".repeat(300),
  "a URL": `https://example.com/${"path/".repeat(30)}?q=${"x".repeat(120)}`,
  "text of a script without blanks": "見".repeat(120),
  "emoji that are joined": "👩\u200d👩\u200d👧\u200d👦".repeat(40),
  "words that no-break spaces hold together": Array(60).fill("word").join("\u00a0"),
};
const WIDTHS = [320, 360];
const scenes = {
  "the posts": blog["home-busy"],
  "an own post on its way": blog["home-publishing"],
  "a post": blog["post-busy"],
  "a post of an operator": blog["post-operated"],
  "held comments": desk["desk-held"],
  "rejected comments": desk["desk-rejected"],
  "searched comments": desk["desk-searched"],
  "selected comments": desk["desk-selected"],
  "a thread on the desk": desk["desk-thread"],
  "the flow": flow["flow-busy"],
  "a flow in trouble": flow["flow-retrying"],
  "dead letters": flow["flow-dead-letter"],
  "a polled flow": flow["flow-polling"],
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

test.each(Object.entries(scenes))(
  "%s is not wider than the window, whatever is written",
  async (_, scene) => {
    for (const [kind, word] of Object.entries(LONG)) {
      // Wide at first: on a phone, what is opened covers the words that show that the scene is ready.
      const page = await openScene(browser, written(scene, word), { viewport: { width: 800, height: 700 } });
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 700 });
        expect(await tooWide(page), `${kind}, at ${width} px`).toEqual([]);
        expect(await overflow(page), `${kind}, at ${width} px`).toBeLessThanOrEqual(0);
      }
      await page.context().close();
    }
  },
);

test("fields take long words", async () => {
  const [home, thread] = [blog["home-empty"] as Scene, blog["post-empty"] as Scene];
  for (const word of Object.values(LONG)) {
    for (const scene of [home, thread]) {
      const page = await openScene(browser, scene, { viewport: { width: 320, height: 700 } });
      for (const field of await page.getByRole("textbox").all()) await field.fill(word);
      await page.getByRole("button", { name: /Publish|Send/ }).click();
      expect(await tooWide(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  }
});

test("what a service says of a failure is not wider than the window", async () => {
  for (const word of Object.values(LONG)) {
    const failing: Scene[] = [
      { path: "/", answers: { "/posts": said(word) }, ready: word.slice(0, 20) },
      {
        ...(blog["home-writing"] as Scene),
        answers: { "/posts": json([]), "/posts/create": refused({ title: word, body: word, author: word }) },
        ready: word.slice(0, 20),
      },
      {
        ...(desk["desk-failing"] as Scene),
        answers: { "/moderation/comments?status=pending": said(word) },
        ready: word.slice(0, 20),
      },
    ];
    for (const scene of failing) {
      const page = await openScene(browser, scene, { viewport: { width: 320, height: 700 } });
      expect(await tooWide(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  }
});

function said(detail: string) {
  return {
    status: 502,
    contentType: "application/problem+json",
    body: JSON.stringify({ title: "Bad", status: 502, detail }),
  };
}
