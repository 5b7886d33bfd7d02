import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { refuse } from "./problem.ts";
import type { Route } from "./routes.ts";

const SILENCE_MS = 30_000;

/** Passes the request on as it is; a service that is down, silent or cut short becomes a 502 that names it. */
export function forward(incoming: IncomingMessage, outgoing: ServerResponse, route: Route) {
  const upstream = request(
    {
      host: route.host,
      port: route.port,
      method: incoming.method,
      path: incoming.url,
      headers: { ...incoming.headers, connection: "close" },
      timeout: SILENCE_MS,
    },
    (answer) => {
      const { connection, "keep-alive": keepAlive, ...headers } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, headers);
      answer.on("error", () => outgoing.destroy());
      answer.pipe(outgoing);
    },
  );
  upstream.on("timeout", () => upstream.destroy(new Error("silent")));
  upstream.on("error", () => fail(outgoing, route));
  outgoing.on("close", () => upstream.destroy());
  incoming.pipe(upstream);
}

function fail(outgoing: ServerResponse, { name, title }: Route) {
  if (outgoing.headersSent) return outgoing.destroy();
  refuse(outgoing, 502, `The ${title} service does not answer.`, { service: name });
}
