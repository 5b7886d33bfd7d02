import type { components } from "./api/query.d.ts";

type Body = Partial<components["schemas"]["Problem"]>;

/** What went wrong, in words for the person in front of the page (RFC 9457 on the wire). */
export class Problem extends Error {
  constructor(
    message: string,
    /** 0 when there was no answer at all. */
    readonly status: number,
    readonly fields: Record<string, string> = {},
  ) {
    super(message);
  }
}

export async function readProblem(response: Response): Promise<Problem> {
  const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json");
  const body: Body = isProblem ? await response.json() : {};
  const fields = Object.fromEntries((body.errors ?? []).map(({ field, detail }) => [field, detail]));
  return new Problem(describe(response, body), response.status, fields);
}

function describe(response: Response, { title, detail }: Body): string {
  if (response.status === 429) {
    const seconds = response.headers.get("retry-after");
    return seconds ? `Too much at once. Try again in ${seconds} s.` : "Too much at once. Try again shortly.";
  }
  return detail || title || `The server answered ${response.status}.`;
}

export function isNotFound(error: Error | null): boolean {
  return error instanceof Problem && error.status === 404;
}
