import { fieldsOf, textOf, thingsIn } from "./api/shapes.ts";

/** What went wrong, in words for the person in front of the page (RFC 9457 on the wire). */
export class Problem extends Error {
  constructor(
    message: string,
    /** 0 when there was no answer at all. */
    readonly status: number,
    readonly fields: Record<string, string> = {},
    /** Whether the answer was a problem, which is how our services refuse. */
    readonly isExplained = false,
    /** The whole answer, for what only one refusal says. */
    readonly body: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

export async function readProblem(response: Response): Promise<Problem> {
  const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json") ?? false;
  const body = (isProblem && fieldsOf(await response.json().catch(() => null))) || {};
  const errors = thingsIn(body.errors).map(([, error]) => [textOf(error.field), textOf(error.detail)]);
  const message = describe(response, textOf(body.detail) || textOf(body.title));
  return new Problem(message, response.status, Object.fromEntries(errors), isProblem, body);
}

function describe(response: Response, said: string | null): string {
  if (response.status === 429) {
    const seconds = response.headers.get("retry-after");
    return seconds ? `Too much at once. Try again in ${seconds} s.` : "Too much at once. Try again shortly.";
  }
  return said || `The server answered ${response.status}.`;
}

export function isNotFound(error: Error | null): boolean {
  return error instanceof Problem && error.status === 404;
}

/** `instead`, where there is nothing at this address (any more). */
export async function unlessNotFound<T>(instead: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (isNotFound(error as Error)) return instead;
    throw error;
  }
}
