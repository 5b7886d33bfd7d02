import { Link } from "react-router";
import { useToken } from "./token.ts";

/** The way to the events about a post or a comment, for whoever holds an operator's token. */
export function FlowLink({ of, subject }: { of: "post" | "comment"; subject: string }) {
  if (!useToken("operator")) return null;
  return (
    <>
      {" "}
      <Link to={`/flow?subject=${encodeURIComponent(subject)}`} aria-label={`Events of this ${of}`}>
        Events
      </Link>
    </>
  );
}
