import { type RefObject, useEffect, useState } from "react";

/** Whether an element has been in the window since this was asked. */
export function useSeen(element: RefObject<HTMLElement | null>, isAsked: boolean): boolean {
  const [wasSeen, setSeen] = useState(false);
  useEffect(() => {
    if (!isAsked || wasSeen || !element.current) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element, isAsked, wasSeen]);
  return wasSeen;
}
