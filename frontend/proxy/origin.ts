import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Connect, Plugin } from "vite";
import { fileAt } from "../shell/files.ts";
import { built, pathOf } from "./built.ts";
import { hostCheck, readHosts } from "./hosts.ts";
import { proxyTo } from "./proxy.ts";
import { readRoutes, type Services } from "./routes.ts";

const root = new URL("../..", import.meta.url);
const SEED_BASE = 4000;
const IN_CLUSTER = process.env.KUBERNETES_SERVICE_HOST !== undefined;

/** One origin for pages and services, routed as in the cluster, for `vite` and `vite preview` alike. */
export function origin(): Plugin {
  const shift = Number(process.env.BLOGBUS_PORT_BASE ?? SEED_BASE) - SEED_BASE;
  const hosts = readHosts(process.env.ALLOWED_HOSTS, IN_CLUSTER);
  const address = {
    host: IN_CLUSTER ? "0.0.0.0" : "127.0.0.1",
    port: 3000 + shift,
    strictPort: true,
    cors: false, // which origins may read is the services' to say
    allowedHosts: true as const, // hostCheck says what to set; Vite's own check says to edit its configuration
  };
  return {
    name: "blogbus-origin",
    apply: "serve",
    // "mpa" turns off Vite's habit of answering every unknown path with the application and 200.
    config: async () => {
      const options = { ...address, proxy: await readProxy(shift) };
      return { appType: "mpa", server: options, preview: options };
    },
    configureServer: async (server) => {
      atFirst(server.middlewares, hostCheck(hosts, server.config.logger));
      server.middlewares.use(page);
      const file = join(server.config.root, "index.html");
      return () => {
        server.middlewares.use(
          notFound(async (url) => server.transformIndexHtml(url, await readFile(file, "utf8"))),
        );
      };
    },
    configurePreviewServer: async (server) => {
      atFirst(server.middlewares, hostCheck(hosts, server.config.logger));
      server.middlewares.use(shielded(await readShield()));
      const { files, notFound } = built(join(server.config.root, server.config.build.outDir));
      server.middlewares.use(files);
      return () => {
        server.middlewares.use(notFound);
      };
    },
  };
}

/** Ahead of what Vite has put there already. */
function atFirst(middlewares: Connect.Server, handle: Connect.NextHandleFunction) {
  middlewares.stack.unshift({ route: "", handle });
}

/** What the manifest sends to services; the rest is ours. */
async function readProxy(shift: number) {
  const manifest = await readFile(new URL("infra/k8s/base/ingress.yaml", root), "utf8");
  const services: Services = JSON.parse(await readFile(new URL("services.json", root), "utf8"));
  return proxyTo(readRoutes(manifest, services, shift, IN_CLUSTER).filter(({ name }) => name !== "frontend"));
}

/** The headers with which nginx forbids browsers what the pages do not need; services send their own. */
async function readShield(): Promise<[string, string][]> {
  const config = await readFile(new URL("infra/docker/nginx.conf", root), "utf8");
  const headers = [...config.matchAll(/add_header ([\w-]+) (?:"([^"]*)"|([^\s$]+)) always;/g)];
  return headers.map(([, name, quoted, plain]) => [name as string, (quoted ?? plain) as string]);
}

/** Only for the built pages: while one develops, Vite adds scripts of its own. */
function shielded(headers: [string, string][]): Connect.NextHandleFunction {
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

/** While one develops, each page is the application's one file. */
const page: Connect.NextHandleFunction = (request, _response, next) => {
  if (fileAt(pathOf(request))) request.url = "/index.html";
  next();
};

/** What is neither a file nor a page: the application's own page for it, with the status that says so. */
function notFound(render: (url: string) => Promise<string>): Connect.NextHandleFunction {
  return async (request, response, next) => {
    if (pathOf(request) === "/index.html") return next();
    const html = await render(request.url ?? "/");
    response.writeHead(404, { "content-type": "text/html; charset=utf-8" }).end(html);
  };
}
