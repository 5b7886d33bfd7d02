import { EventEmitter, once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { connect } from "node:net";
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

/** GET, or POST with a body, with any headers (`fetch` sets some itself). The body is sent to its end, as browsers do. */
export async function ask(
  url: string,
  headers: OutgoingHttpHeaders,
  body?: Buffer,
  path = new URL(url).pathname,
) {
  const asked = request(url, { path, method: body ? "POST" : "GET", headers, agent: false });
  const sent = once(asked, "finish");
  const [answer]: [IncomingMessage] = (await once(asked.end(body), "response")) as never;
  const text = await readAll(answer);
  await sent;
  return { status: answer.statusCode, headers: answer.headers, body: text };
}

async function readAll(message: IncomingMessage) {
  let text = "";
  for await (const chunk of message) text += chunk;
  return text;
}

function echo(name: string) {
  return createServer(async (request, response) => {
    heard.push(request.url ?? "");
    response.on("close", () => closed.emit(request.url ?? ""));
    const odd = odds[request.url?.split("/").at(-1) ?? ""];
    if (odd) return odd(request, response);
    const body = await readAll(request).catch(() => null);
    if (body === null) return; // the client is gone
    response.writeHead(request.method === "POST" ? 201 : 200, {
      "x-served-by": name,
      "x-was-asked": JSON.stringify(request.headers),
      link: '<>; rel="next"',
    });
    response.end(JSON.stringify({ name, path: request.url, body }));
  });
}

/** What was asked of any of them. */
export const heard: string[] = [];

/** Sends these bytes, and gives all that comes back until the connection ends or is silent. */
export async function converse(url: string, bytes: string, silence = 300): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.on("error", () => {});
  socket.setTimeout(silence, () => socket.destroy());
  socket.write(bytes);
  await once(socket, "close");
  return text;
}

/** Tells, under a request's URL, that its answer is over or its client gone. */
export const closed = new EventEmitter();

/** What a service may do other than answer, by the last part of the path. */
const odds: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  "hang-up": ({ socket }) => socket.destroy(),
  "cut-short": ({ socket }, response) => {
    response.writeHead(200, { "content-length": 100 });
    response.write("half", () => socket.destroy());
  },
  // Refused by the headers alone, and closed with the body unread, which resets the connection.
  "too-long": ({ socket }) => {
    socket.pause();
    const answer = `HTTP/1.1 413 Too Long\r\nconnection: close\r\ncontent-length: ${REFUSAL.length}\r\n\r\n${REFUSAL}`;
    socket.write(answer, () => socket.resetAndDestroy());
  },
  "too-long-later": (request, response) => {
    request.once("data", () => request.pause() && odds["too-long"]?.(request, response));
  },
  "too-long-politely": (request, response) => {
    response.writeHead(413).end(REFUSAL);
    request.resume();
  },
  ticks: (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    let tick = 0;
    const timer = setInterval(() => response.write(`data: ${tick++}\n\n`), 20);
    response.on("close", () => clearInterval(timer));
  },
};

export const REFUSAL = "x".repeat(1_000);

function listen(server: Server, port: number, shift: number) {
  return new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port + shift, "127.0.0.1", () => resolve(true));
  });
}

function close(server: Server) {
  return new Promise((resolve) => server.close(resolve));
}
