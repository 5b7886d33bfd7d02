import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, createServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { origin } from "./origin.ts";
import { ask, closed, converse, heard, REFUSAL, type Stand, startServices } from "./testing.ts";

const PAGE = '<html><body><div id="root"></div></body></html>';
let root: string;
let services: Stand;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "blogbus-origin-"));
  for (const folder of ["pages", "assets"]) await mkdir(join(root, "dist", folder), { recursive: true });
  for (const file of ["index.html", "dist/index.html"]) await writeFile(join(root, file), PAGE);
  for (const name of ["post", "moderate", "moderate-rules", "flow", "404"]) {
    await writeFile(join(root, `dist/pages/${name}.html`), PAGE.replace("<body>", `<body class="${name}">`));
  }
  await writeFile(join(root, "dist/assets/index-5f0c.js"), "0;");
  for (const [ending, text] of [
    ["gz", "as gzip"],
    ["br", "as brotli"],
  ]) {
    await writeFile(join(root, `dist/assets/index-5f0c.js.${ending}`), text as string);
  }
  services = await startServices({ without: ["moderation", "frontend"] });
  process.env.BLOGBUS_PORT_BASE = String(services.base);
  process.env.ALLOWED_HOSTS = "allowed.test, *.tunnel.test";
});

afterAll(async () => {
  await services.stop();
  await rm(root, { recursive: true });
});

const warnings: string[] = [];
const customLogger = { ...createLogger("silent"), warn: (message: string) => void warnings.push(message) };
const dev = async () => {
  const server = await createServer({ root, configFile: false, plugins: [origin()], customLogger });
  return server.listen();
};
const built = () => preview({ root, configFile: false, plugins: [origin()], customLogger });

test("the built pages have the headers of the nginx image", async () => {
  const server = await built();
  const url = `http://127.0.0.1:${services.base - 1000}`;
  for (const path of ["/", "/post/5f0c", "/nowhere"]) {
    const { headers } = await fetch(url + path);
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/,
    );
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("referrer-policy")).toBe("same-origin");
  }
  await server.close();
});

test("each page is its own file, which has no other address, and what is no page has one, too", async () => {
  const server = await built();
  const url = `http://127.0.0.1:${services.base - 1000}`;
  const shown: Record<string, unknown> = {};
  for (const path of [
    "/",
    "/post/5f0c",
    "/moderate/",
    "/moderate/rules",
    "/flow?x",
    "/nowhere",
    "/index.html",
    "/pages/post.html",
  ]) {
    const answer = await fetch(url + path);
    shown[path] = [answer.status, /class="([\w-]+)"/.exec(await answer.text())?.[1]];
  }
  expect(shown).toEqual({
    "/": [200, undefined],
    "/post/5f0c": [200, "post"],
    "/moderate/": [200, "moderate"],
    "/moderate/rules": [200, "moderate-rules"],
    "/flow?x": [200, "flow"],
    "/nowhere": [404, "404"],
    "/index.html": [404, "404"],
    "/pages/post.html": [404, "404"],
  });
  await server.close();
});

test("what has its content in its name is kept for ever, as brotli or gzip; a page is asked for again", async () => {
  const server = await built();
  const url = `http://127.0.0.1:${services.base - 1000}`;
  const script = `${url}/assets/index-5f0c.js`;
  for (const [accepted, body, coding] of [
    ["gzip, br", "as brotli", "br"],
    ["gzip", "as gzip", "gzip"],
    ["identity", "0;", undefined],
  ]) {
    const answer = await ask(script, { "accept-encoding": accepted });
    expect([answer.body, answer.headers["content-encoding"]]).toEqual([body, coding]);
    expect(answer.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(answer.headers["content-type"]).toMatch("text/javascript");
    expect(answer.headers.vary).toBe("Accept-Encoding");
  }
  for (const path of ["/", "/post/5f0c"]) {
    const { status, headers } = await ask(url + path, {});
    expect([status, headers["cache-control"]]).toEqual([200, "no-cache"]);
    const again = await ask(url + path, { "if-none-match": headers.etag });
    expect([again.status, again.body]).toEqual([304, ""]);
  }
  for (const path of ["/nowhere", "/assets/gone-5f0c.js"]) {
    const { status, headers } = await ask(url + path, {});
    expect([status, headers["cache-control"]]).toEqual([404, "no-cache"]);
  }
  await server.close();
});

describe.each([
  ["vite", dev],
  ["vite preview", built],
])("%s", (_, start) => {
  let url: string;
  let server: Awaited<ReturnType<typeof start>>;

  beforeAll(async () => {
    server = await start();
    url = `http://127.0.0.1:${services.base - 1000}`;
  });

  afterAll(() => server.close());

  test.each([
    ["/posts", "query"],
    ["/posts/", "query"],
    ["/posts?limit=5&before=x", "query"],
    ["/posts/5f0c", "query"],
    ["/posts/stream", "query"],
    ["/posts/create", "posts"],
    ["/posts/5f0c/comments", "comments"],
    ["/posts/5f0c/comments?limit=5", "comments"],
    ["/posts/create/comments", "comments"],
    ["/posts/5f0c/text", "posts"],
    ["/posts/5f0c/textX", "query"],
    ["/posts/5f0c/comments/1", "comments"],
    ["/posts/5f0c/comments/1/more", "query"],
    ["/posts/createX", "query"],
    ["/bus/events", "eventbus"],
    ["/feed.atom", "query"],
    ["/sitemap.xml", "query"],
    ["/robots.txt", "query"],
  ])("%s goes to %s", async (path, service) => {
    const answer = await fetch(url + path);
    expect(await answer.json()).toEqual({ name: service, path, body: "" });
    expect(answer.headers.get("link")).toBe('<>; rel="next"');
  });

  test("a POST keeps its body and its status", async () => {
    const answer = await fetch(`${url}/posts/create`, { method: "POST", body: '{"title":"hi"}' });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ name: "posts", path: "/posts/create", body: '{"title":"hi"}' });
  });

  test.each([
    "/",
    "/?from=mail",
    "/post/5f0c",
    "/post/5f0c?x=1",
    "/post/%E0%A4%A",
    "/flow",
    "/flow?subject=x",
    "/moderate?status=rejected",
  ])("%s is a page", async (path) => {
    const answer = await fetch(url + path);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<div id="root">');
  });

  test.each([
    "/postsX",
    "/events",
    "/metrics",
    "/subscriptions",
    "/subscriptions/query",
    "/busX",
    "/moderationX",
    "/post",
    "/post/5f0c/more",
    "/nowhere",
    "/missing.js",
  ])("%s is 404 and reaches no service", async (path) => {
    const answer = await fetch(url + path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("x-served-by")).toBeNull();
    expect(await answer.text()).toContain('<div id="root">');
  });

  test("events cannot be posted from outside", async () => {
    const answer = await fetch(`${url}/events`, { method: "POST", body: "{}" });
    expect(answer.status).toBe(404);
    expect(answer.headers.get("x-served-by")).toBeNull();
  });

  test("a service that is down is a 502 problem that names it", async () => {
    const answer = await fetch(`${url}/moderation/comments`);
    expect(answer.status).toBe(502);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toEqual({
      type: "about:blank",
      title: "Bad Gateway",
      status: 502,
      detail: "The moderation service does not answer.",
      service: "moderation",
    });
  });

  test("a service that hangs up is a 502 problem too", async () => {
    const answer = await fetch(`${url}/bus/hang-up`);
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ detail: "The event bus service does not answer." });
  });

  test.each(["/", "/posts", "/nowhere", "/@vite/client"])(
    "another host name is refused at %s",
    async (path) => {
      const answer = await ask(url + path, { host: "Blog.test:3000" });
      expect(answer.status).toBe(400);
      expect(answer.headers["content-type"]).toBe("application/problem+json");
      expect(JSON.parse(answer.body)).toMatchObject({
        detail:
          "Host blog.test is not allowed. To allow it, set ALLOWED_HOSTS=blog.test (separate several with commas).",
      });
      expect(warnings.splice(0)).toEqual([
        'host refused: "Blog.test:3000"; to allow it, set ALLOWED_HOSTS=blog.test',
      ]);
    },
  );

  test.each(["allowed.test", "a.tunnel.test:443", "LOCALHOST:1"])("%s is let in", async (host) => {
    expect((await ask(`${url}/flow`, { host })).status).toBe(200);
    expect(JSON.parse((await ask(`${url}/posts`, { host })).body)).toMatchObject({ name: "query" });
  });

  const upload = Buffer.alloc(5_000_000, " ");

  test.each(["/posts/too-long", "/posts/too-long-later", "/posts/too-long-politely", "/bus/too-long"])(
    "the answer to a body that %s refuses early passes through",
    async (path) => {
      for (let turn = 0; turn < 10; turn++) {
        const answer = await ask(url + path, { "content-length": upload.length }, upload);
        expect([answer.status, answer.body]).toEqual([413, REFUSAL]);
      }
    },
  );

  test("after an early answer the same connection serves the next request", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const path of ["/posts/too-long", "/posts/5f0c"]) {
      const [answer] = await once(request(url + path, { method: "POST", agent }).end(upload), "response");
      expect(answer.statusCode).toBe(path === "/posts/5f0c" ? 201 : 413);
      expect(answer.headers.connection).toBe("keep-alive");
      await once(answer.resume(), "end");
    }
    agent.destroy();
  });

  test("an answer that is cut short is cut short here, too", async () => {
    await expect(ask(`${url}/posts/cut-short`, {})).rejects.toThrow("aborted");
  });

  test("a service hears when its client goes, and a stream comes as it is sent", async () => {
    const [answer] = await once(request(`${url}/posts/ticks`).end(), "response");
    expect(String((await once(answer, "data"))[0])).toContain("data: 0\n\n");
    const gone = once(closed, "/posts/ticks");
    answer.destroy();
    await gone;
  });

  test("a service hears when its client goes while it sends", async () => {
    const asked = request(`${url}/posts/half`, { method: "POST", headers: { "content-length": 100 } });
    asked.on("error", () => {});
    const gone = once(closed, "/posts/half");
    asked.write("half", () => asked.destroy());
    await gone;
  });

  test("headers go on as they came", async () => {
    const headers = {
      host: "allowed.test",
      "x-forwarded-for": "10.0.0.7",
      "last-event-id": "3.1",
      origin: "http://a.test",
    };
    const { "x-was-asked": asked } = (await ask(`${url}/posts`, headers)).headers;
    expect(JSON.parse(String(asked))).toEqual({ ...headers, connection: "close" });
    expect(JSON.parse(String((await ask(`${url}/posts`, {})).headers["x-was-asked"]))).not.toHaveProperty(
      "x-forwarded-for",
    );
  });

  test("which other origins may read is left to the service", async () => {
    const headers = { origin: "http://localhost:5173", "access-control-request-method": "POST" };
    const answer = await fetch(`${url}/posts/create`, { method: "OPTIONS", headers });
    expect(answer.headers.get("x-served-by")).toBe("posts");
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  test.each([
    ["/posts/../events", "query"],
    ["/posts/%2e%2e/events", "query"],
    ["/posts/5f0c?next=/comments", "query"],
    ["/posts?a=1?b=2", "query"],
    ["/posts//x", "query"],
    ["/bus/[x", "eventbus"],
  ])("%s goes to %s as it came", async (path, name) => {
    expect(JSON.parse((await ask(url, {}, undefined, path)).body)).toEqual({ name, path, body: "" });
  });

  const hidden = "POST /posts/hidden HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
  const chunks = `0\r\n\r\n${hidden}`;
  const both = (first: string, second: string) => `${first}\r\n${second}`;
  test.each([
    [
      "a length that includes it, and chunks that do not",
      both(`Content-Length: ${chunks.length}`, "Transfer-Encoding: chunked"),
    ],
    ["the same the other way round", both("Transfer-Encoding: chunked", `Content-Length: ${chunks.length}`)],
    ["two lengths", both("Content-Length: 5", `Content-Length: ${chunks.length}`)],
    ["a list of lengths", `Content-Length: ${chunks.length}, 5`],
    [
      "chunks that are not the last coding",
      both("Transfer-Encoding: chunked, identity", `Content-Length: ${chunks.length}`),
    ],
    ["chunks spelled oddly", both("Transfer-Encoding: xchunked", `Content-Length: ${chunks.length}`)],
    ["a name with a blank", both("Transfer-Encoding : chunked", `Content-Length: ${chunks.length}`)],
    ["a value after a tab", both("Transfer-Encoding:\tchunked", `Content-Length: ${chunks.length}`)],
    ["a folded line", both("Transfer-Encoding:\r\n chunked", `Content-Length: ${chunks.length}`)],
    ["a bare line feed", `X: y\nTransfer-Encoding: chunked\r\nContent-Length: ${chunks.length}`],
    ["a bare carriage return", `X: y\rTransfer-Encoding: chunked\r\nContent-Length: ${chunks.length}`],
    ["a signed length", `Content-Length: +${chunks.length}`],
  ])("a request in a request is none: %s", async (_, framing) => {
    heard.splice(0);
    await converse(url, `POST /posts/create HTTP/1.1\r\nHost: localhost\r\n${framing}\r\n\r\n${chunks}`);
    expect(heard.filter((path) => path !== "/posts/create")).toEqual([]);
  });

  test("a request after a request is one", async () => {
    heard.splice(0);
    await converse(
      url,
      `POST /posts/create HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n${hidden}`,
    );
    expect(heard).toEqual(["/posts/create", "/posts/hidden"]);
  });

  test.each(["/nowhere?/posts", "/x?y=/bus/events"])("%s is 404: a query leads nowhere", async (path) => {
    expect((await fetch(url + path)).status).toBe(404);
  });
});
