import { parse } from "yaml";

export type Services = Record<string, { port: number; kubernetes: string; title: string }>;
export type Route = { pattern: string; name: string; title: string; host: string; port: number };

type Row = { path: string; backend: { service: { name: string; port: { number: number } } } };
type Ingress = { spec: { rules: { http: { paths: Row[] } }[] } };

/**
 * The manifest's rows as ingress-nginx reads them with use-regex: anchored at the start, the longest first; as patterns of
 * Vite's proxy, which sees the query, too.
 * In a cluster every service is a host of its own; elsewhere they share this machine.
 */
export function readRoutes(manifest: string, services: Services, shift: number, inCluster = false): Route[] {
  const { spec } = parse(manifest) as Ingress;
  return spec.rules
    .flatMap((rule) => rule.http.paths)
    .sort((one, other) => other.path.length - one.path.length)
    .map((row) => ({ pattern: pathOnly(row.path), ...findService(row, services, shift, inCluster) }));
}

/** Matches what `path` matches before the query. */
function pathOnly(path: string) {
  return `^${path.replace(/\$$/, "(?=$|\\?)")}(?<!\\?.*)`;
}

function findService({ path, backend }: Row, services: Services, shift: number, inCluster: boolean) {
  const { name: host, port } = backend.service;
  const found = Object.entries(services).find(([, service]) => service.kubernetes === host);
  if (found?.[1].port !== port.number) {
    throw new Error(
      `ingress.yaml sends ${path} to ${host}:${port.number}, which services.json does not list.`,
    );
  }
  const [name, service] = found;
  return { name, title: service.title, host: inCluster ? host : "127.0.0.1", port: port.number + shift };
}
