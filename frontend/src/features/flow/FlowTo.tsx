import type { ReactNode } from "react";
import { Link, useSearchParams } from "react-router";
import { type Change, changed } from "./view.ts";

type Props = {
  change: Change;
  className?: string | undefined;
  direction?: "auto" | "ltr";
  isCurrent?: boolean;
  children: ReactNode;
};

/** A link within the flow page: it changes what the address says, and keeps the rest of it. */
export function FlowTo({ change, className, direction = "auto", isCurrent = false, children }: Props) {
  const [search] = useSearchParams();
  return (
    <Link
      dir={direction}
      to={changed(search, change)}
      className={className}
      aria-current={isCurrent || undefined}
    >
      {children}
    </Link>
  );
}
