const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** The address if a reader may follow it; null for another scheme, or none. */
export function safeLink(href: string): string | null {
  if (!URL.canParse(href)) return null;
  const url = new URL(href);
  return SCHEMES.has(url.protocol) ? url.href : null;
}
