import { useEffect, useRef } from "react";

/**
 * Why a send failed: said, and brought into sight, wherever in a long text the writer is. The focus stays, so that the
 * next try is one key away.
 */
export function Failed({ text, className }: { text: string | undefined; className: string | undefined }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (text) place.current?.scrollIntoView({ block: "nearest", behavior: "instant" });
  }, [text]);
  return (
    <div ref={place} className={className} role="alert">
      {text}
    </div>
  );
}
