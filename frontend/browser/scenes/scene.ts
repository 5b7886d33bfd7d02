import type { Page, Route } from "playwright-core";

export const json = (body: unknown, headers = {}) => ({ json: body, headers });
export const down = (service: string) => ({
  status: 502,
  contentType: "application/problem+json",
  body: JSON.stringify({
    title: "Bad Gateway",
    status: 502,
    detail: `The ${service} service does not answer.`,
  }),
});
/** As a service refuses one stream too many; what a scene does not name is refused so, too. */
export const unavailable = { status: 204 };
/** An answer that does not come. */
export const never = "never";
export type Answer = Parameters<Route["fulfill"]>[0] | typeof never;

/** A page as it looks in one situation, which its answers make. */
export type Scene = {
  path: string;
  /** By path, or by path and query. */
  answers: Record<string, Answer>;
  stored?: Record<string, unknown>;
  act?: (page: Page) => Promise<unknown>;
  ready: string;
};
