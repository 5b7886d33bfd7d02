const NEXT = /<([^>]+)>\s*;\s*rel="?next"?/;

/** The `before` of the page that follows this answer, from its Link header; undefined: it was the last one. */
export function nextBefore(response: Response): string | undefined {
  return nextOf(response, "before");
}

/** Likewise of a list that pages by another parameter. */
export function nextOf({ headers }: Response, parameter: string): string | undefined {
  const next = headers.get("link")?.match(NEXT)?.[1];
  return next && (new URL(next, window.location.origin).searchParams.get(parameter) ?? undefined);
}
