import { WithToken } from "../../lib/token/WithToken.tsx";
import { Desk } from "./Desk.tsx";

/** Where a person decides what the rules leave open, or decided wrongly. */
export function DeskPage() {
  return (
    <>
      <title>Moderation · Blogbus</title>
      <WithToken of="moderator" title="Moderation">
        <Desk />
      </WithToken>
    </>
  );
}
