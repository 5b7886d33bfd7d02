import { matchPath } from "react-router";
import { type Page, pages } from "../src/app/pages.ts";

export const NOT_FOUND = "/pages/404.html";

/** The built file of a page: its outline, which the application takes over. */
export function fileOf(page: Page): string {
  const name = page
    .split("/")
    .filter((part) => part && !part.startsWith(":"))
    .join("-");
  return name ? `/pages/${name}.html` : "/index.html";
}

/** The built file of the page at a path, if there is one. */
export function fileAt(path: string): string | undefined {
  const page = pages.find((page) => matchPath(page, path));
  return page && fileOf(page);
}
