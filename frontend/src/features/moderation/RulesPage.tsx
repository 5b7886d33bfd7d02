import { WithToken } from "../../lib/token/WithToken.tsx";
import { RulesDesk } from "./rules/RulesDesk.tsx";

/** Where moderators say what the rules reject and what they hold. */
export function RulesPage() {
  return (
    <>
      <title>Rules · Blogbus</title>
      <WithToken of="moderator" title="Rules">
        <RulesDesk />
      </WithToken>
    </>
  );
}
