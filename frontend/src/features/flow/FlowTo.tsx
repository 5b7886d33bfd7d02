import type { ReactNode } from "react";
import { Link, useSearchParams } from "react-router";
import { type Change, changed } from "./view.ts";

type Props = {
  change: Change;
  className?: string | undefined;
  direction?: "auto" | "ltr";
  isCurrent?: boolean;
  /** The id of the heading below which the change shows: the page goes there. */
  leadsTo?: string;
  children: ReactNode;
};

/** A link within the flow page: it changes what the address says, and keeps the rest of it. */
export function FlowTo({
  change,
  className,
  direction = "auto",
  isCurrent = false,
  leadsTo,
  children,
}: Props) {
  const [search] = useSearchParams();
  return (
    <Link
      dir={direction}
      to={changed(search, change)}
      className={className}
      aria-current={isCurrent || undefined}
      onClick={leadsTo === undefined ? undefined : () => goTo(leadsTo)}
    >
      {children}
    </Link>
  );
}

/** Scrolls to a heading, and puts the keyboard there. */
export function goTo(id: string) {
  const heading = document.getElementById(id);
  heading?.scrollIntoView({ block: "start" });
  heading?.focus({ preventScroll: true });
}
