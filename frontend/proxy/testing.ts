import {
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  request,
  type Server,
} from "node:http";
import table from "../../services.json" with { type: "json" };

export type Stand = { base: number; stop: () => Promise<unknown> };

const SEED_BASE = 4000;
const TRIES = 20;

/** Small real servers, one per service, on a free range of ports; each says who it is and what it was sent. */
export async function startServices({ without }: { without: string[] }): Promise<Stand> {
  const wanted = Object.entries(table).filter(([name]) => !without.includes(name));
  for (let left = TRIES; left > 0; left--) {
    const base = 10_000 + 10 * Math.floor(Math.random() * 2_000);
    const servers = wanted.map(([name]) => echo(name));
    const stop = () => Promise.all(servers.map(close));
    const started = await Promise.all(
      servers.map((server, index) => listen(server, wanted[index]?.[1].port ?? 0, base - SEED_BASE)),
    );
    if (started.every(Boolean)) return { base, stop };
    await stop();
  }
  throw new Error("No free range of ports.");
}

type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

/** GET with any headers: `fetch` sets some itself. */
export function ask(url: string, headers: OutgoingHttpHeaders) {
  return new Promise<Answer>((resolve, reject) => {
    request(url, { headers }, async (answer) => {
      let body = "";
      for await (const chunk of answer) body += chunk;
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body });
    })
      .on("error", reject)
      .end();
  });
}

function echo(name: string) {
  return createServer(async (request, response) => {
    if (request.url?.endsWith("/hang-up")) return request.socket.destroy();
    let body = "";
    for await (const chunk of request) body += chunk;
    response.writeHead(request.method === "POST" ? 201 : 200, {
      "x-served-by": name,
      link: '<>; rel="next"',
    });
    response.end(JSON.stringify({ name, path: request.url, body }));
  });
}

function listen(server: Server, port: number, shift: number) {
  return new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port + shift, "127.0.0.1", () => resolve(true));
  });
}

function close(server: Server) {
  return new Promise((resolve) => server.close(resolve));
}
