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
/** As a service refuses what is wrong with some fields. */
export const refused = (fields: Record<string, string>) => ({
  status: 400,
  contentType: "application/problem+json",
  body: JSON.stringify({
    title: "Bad Request",
    status: 400,
    errors: Object.entries(fields).map(([field, detail]) => ({ field, detail })),
  }),
});
/** As a service refuses one stream too many; what a scene does not name is refused so, too. */
export const unavailable = { status: 204 };
/** An answer that does not come. */
export const never = "never";
export type Answer = Parameters<Route["fulfill"]>[0] | typeof never;

export type Frames = [event: string, data: unknown][];

/** A page as it looks in one situation, which its answers make. */
export type Scene = {
  path: string;
  /** By path, or by path and query. */
  answers: Record<string, Answer>;
  /** What the bus's stream says, as frames of (event, data). */
  stream?: Frames;
  stored?: Record<string, unknown>;
  /** Only what the window shows. */
  isPart?: boolean;
  /** Taken in the middle of what moves. */
  moves?: boolean;
  act?: (page: Page) => Promise<unknown>;
  ready: string;
};

/** Runs in the page: the bus's stream says these frames, and then nothing more. */
export function streaming(frames: Frames) {
  const ask = window.fetch;
  const text = frames.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join("");
  window.fetch = async (input, init) => {
    if (!(input instanceof Request) || !input.url.endsWith("/bus/stream")) return ask(input, init);
    const start = (controller: ReadableStreamDefaultController) =>
      controller.enqueue(new TextEncoder().encode(text));
    return new Response(new ReadableStream({ start }), { headers: { "content-type": "text/event-stream" } });
  };
}
