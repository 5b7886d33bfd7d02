/** ALLOWED_HOSTS, by the services' own rule (`svc_chassis/web/hosts.py`), held by the same cases. */

import type { IncomingMessage } from "node:http";
import type { Connect, Logger } from "vite";
import { refuse } from "./problem.ts";

const LOOPBACK = [".localhost", "127.0.0.1", "[::1]"];
const NAME = /^(\*|\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])$/;
const HOST = /^([a-z0-9.-]+|\[[a-f0-9]*:[a-f0-9.:]+\])(?::[0-9]+)?$/;

/** The names that this server answers to: loopback and what is given; in a cluster any, until some are given. */
export function readHosts(given: string | undefined, inCluster: boolean): string[] {
  const names = (given ?? "").split(",").map(readName).filter(Boolean);
  return inCluster && names.length === 0 ? ["*"] : [...LOOPBACK, ...names];
}

/** Refuses a request whose Host is another name, before anything else looks at it. */
export function hostCheck(names: string[], logger: Logger): Connect.NextHandleFunction {
  return ({ headers }: IncomingMessage, response, next) => {
    if (headers.host === undefined) return next(); // HTTP/1.0
    const domain = domainOf(headers.host);
    if (domain && names.some((name) => matches(domain, name))) return next();
    const cure = `set ALLOWED_HOSTS=${domain}`;
    logger.warn(`host refused: ${JSON.stringify(headers.host)}${domain && `; to allow it, ${cure}`}`);
    const why = domain
      ? `Host ${domain} is not allowed. To allow it, ${cure} (separate several with commas).`
      : "The Host header is not a host name.";
    refuse(response, 400, why);
  };
}

function readName(text: string): string {
  let name = text.trim().toLowerCase();
  if (!name) return "";
  if (!name.startsWith("[") && name.split(":").length > 2) name = `[${name}]`;
  name = name.replace(/:[0-9]+$/, (port) => (name.endsWith("]") ? port : ""));
  name = name.replace(/\.$/, "").replace(/^\*\./, ".");
  if (NAME.test(name)) return name;
  throw new Error(
    `ALLOWED_HOSTS has '${text.trim()}': set it to host names such as blog.test or .blog.test, or to *.`,
  );
}

function domainOf(host: string): string {
  return (HOST.exec(host.toLowerCase())?.[1] ?? "").replace(/\.$/, "");
}

function matches(domain: string, name: string): boolean {
  return name === "*" || name === domain || (name[0] === "." && `.${domain}`.endsWith(name));
}
