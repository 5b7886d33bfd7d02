import { useLocation } from "react-router";

/** The id of the comment that the address names; not what names another part of the page, such as its content. */
export function usePermalink(): string | undefined {
  const { hash } = useLocation();
  const id = decoded(hash.slice(1));
  return id === "" || document.getElementById(id) ? undefined : id;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
