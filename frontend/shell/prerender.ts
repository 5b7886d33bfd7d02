import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { type Page, pages } from "../src/app/pages.ts";
import type { Shell } from "./draw.tsx";
import { fileOf, NOT_FOUND } from "./files.ts";

type Manifest = Record<string, { file: string; css?: string[]; imports?: string[] }>;

const ROOT = '<div id="root"></div>';
const STATIC = /<title>[^<]*<\/title>/;
const END_OF_HEAD = "</head>";
/** What a page fetches beside the first script when it is opened: that need not wait for the first script. */
const LAZY: Partial<Record<Page, string>> = {
  "/post/:postId": "src/lib/markdown/Blocks.tsx",
  "/moderate": "src/features/moderation/DeskPage.tsx",
  "/moderate/rules": "src/features/moderation/RulesPage.tsx",
  "/flow": "src/features/flow/FlowPage.tsx",
};

/** Writes a file for each page, and one for what is none, with the outline that shows until the scripts come. */
export async function prerender(dist: string, draw: (path: string) => Shell) {
  refuseDuplicates([...pages.map(fileOf), NOT_FOUND]);
  const template = await readFile(join(dist, "index.html"), "utf8");
  const folder = join(dist, ".vite");
  const manifest: Manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
  await rm(folder, { recursive: true });
  await mkdir(join(dist, "pages"), { recursive: true });
  for (const page of pages) {
    const lazy = LAZY[page];
    const html = fill(template, draw(page), lazy ? preloads(manifest, lazy) : []);
    await writeFile(join(dist, fileOf(page)), html);
  }
  await writeFile(join(dist, NOT_FOUND), fill(template, draw("/nowhere")));
}

/** What the application needs of a browser: a document, storage, and an answer that does not come. */
export function openDocument() {
  const { window } = new JSDOM("", { url: "http://localhost/" });
  for (const name of Object.getOwnPropertyNames(window)) {
    if (!(name in globalThis))
      Object.defineProperty(globalThis, name, { value: window[name], writable: true });
  }
  globalThis.fetch = () => new Promise(() => {});
}

function refuseDuplicates(files: string[]) {
  const twice = files.find((file, place) => files.indexOf(file) !== place);
  if (twice) throw new Error(`Two pages would be written to ${twice}.`);
}

function fill(template: string, { head, body }: Shell, links: string[] = []) {
  return template
    .replace(STATIC, (title) => head || title)
    .replace(END_OF_HEAD, () => `${links.map((link) => `  ${link}\n  `).join("")}${END_OF_HEAD}`)
    .replace(ROOT, () => `<div id="root">${body}</div>`);
}

/** Links to what a module needs, but for what the entry has already. */
function preloads(manifest: Manifest, name: string): string[] {
  const entry = new Set(needs(manifest, "index.html"));
  return needs(manifest, name)
    .filter((file) => !entry.has(file))
    .map((file) =>
      file.endsWith(".css")
        ? `<link rel="preload" as="style" crossorigin href="/${file}">`
        : `<link rel="modulepreload" crossorigin href="/${file}">`,
    );
}

function needs(manifest: Manifest, name: string): string[] {
  const { file, css = [], imports = [] } = manifest[name] ?? { file: "" };
  if (!file) throw new Error(`The build has no ${name}.`);
  return [...new Set([file, ...css, ...imports.flatMap((each) => needs(manifest, each))])];
}
