import type { ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";

/** Answers in the services' one shape of errors. */
export function refuse(response: ServerResponse, status: number, detail: string, more: object = {}) {
  const problem = { type: "about:blank", title: STATUS_CODES[status], status, detail, ...more };
  response.writeHead(status, { "content-type": "application/problem+json" }).end(JSON.stringify(problem));
}
