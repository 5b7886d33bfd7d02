import { Agent, type IncomingMessage, type ServerResponse } from "node:http";
import { Socket, type TcpNetConnectOpts } from "node:net";
import type { ProxyOptions } from "vite";
import { refuse } from "./problem.ts";
import type { Route } from "./routes.ts";

type Proxy = Parameters<NonNullable<ProxyOptions["configure"]>>[0];

const SILENCE_MS = 30_000;

/** Vite's `server.proxy` for these routes. A service that is away, silent or cut short becomes a 502 that names it. */
export function proxyTo(routes: Route[]): Record<string, ProxyOptions> {
  return Object.fromEntries(
    routes.map((route) => [
      route.pattern,
      {
        target: `http://${route.host}:${route.port}`,
        toProxy: true, // the path goes on as it came: `..` in it would lead to what has no route
        headers: { connection: "close" },
        proxyTimeout: SILENCE_MS,
        agent,
        configure: (proxy) => configure(proxy, route),
      },
    ]),
  );
}

function configure(proxy: Proxy, { name, title }: Route) {
  const fail = (response: ServerResponse) => {
    if (response.headersSent) return response.destroy();
    refuse(response, 502, `The ${title} service does not answer.`, { service: name });
  };
  proxy.on("proxyRes", (answer, request, response) => {
    // About the service's connection, not about the client's, which must not be closed with an unread body in it.
    delete answer.headers["keep-alive"];
    if (request.complete) delete answer.headers.connection;
    else answer.headers.connection = "keep-alive";
    answer.on("close", () => answer.complete || response.destroy());
  });
  // The rest of a body that was answered early is read: browsers send all of it before they look for the answer.
  proxy.on("end", (request) => request.unpipe().resume());
  // With a callback of its own: Vite's error listener logs a stack for each request to a service that is away.
  const web = proxy.web;
  Object.assign(proxy, {
    web: (request: IncomingMessage, response: ServerResponse) =>
      web(request, response, {}, () => fail(response)),
  });
}

/** Hears the answer of a service that closed while the body was being sent: Node drops it unread when a write fails. */
class Connection extends Socket {
  override _write(chunk: unknown, encoding: BufferEncoding, done: (error?: Error | null) => void) {
    super._write(chunk, encoding, () => done());
  }

  override _writev(
    chunks: { chunk: unknown; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ) {
    super._writev?.(chunks, () => done());
  }
}

class Connections extends Agent {
  override createConnection(options: TcpNetConnectOpts) {
    return new Connection().connect(options);
  }
}

const agent = new Connections();
