import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import sirv from "sirv";
import type { Connect } from "vite";
import { fileAt, NOT_FOUND } from "../shell/files.ts";

/** As in nginx.conf: what has its content in its name stays, all else is asked for again, with 304 if unchanged. */
const freshness = (path: string) =>
  path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";

/** What `vite build` made, as the nginx image serves it. The folder is read anew: a build may replace it. */
export function built(dist: string) {
  const setHeaders = (response: ServerResponse, path: string) =>
    response.setHeader("cache-control", freshness(path));
  const serve = sirv(dist, { dev: true, etag: true, gzip: true, brotli: true, extensions: [], setHeaders });

  /** Pages and files, as brotli or gzip where the browser takes it. */
  const files: Connect.NextHandleFunction = (request, response, next) => {
    const path = pathOf(request);
    const page = fileAt(path);
    if (page) request.url = page;
    else if (path.endsWith(".html")) return notFound(request, response, next);
    serve(request, response, next);
  };
  /** What is neither a file nor a page: the application's own page for it, with the status that says so. */
  const notFound: Connect.NextHandleFunction = async (_request, response) => {
    const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" };
    response.writeHead(404, headers).end(await readFile(join(dist, NOT_FOUND)));
  };
  return { files, notFound };
}

export function pathOf(request: IncomingMessage) {
  return (request.url ?? "/").split("?", 1)[0] as string;
}
