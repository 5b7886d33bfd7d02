import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { DESK_PAGE } from "../../../lib/address.ts";
import { Trail } from "../../../lib/audit/Trail.tsx";
import { Failure, Stale } from "../../../lib/ui/Failure.tsx";
import { useStanding } from "../../../lib/useStanding.ts";
import { listAudit } from "../api/listAudit.ts";
import { listRules, RULES_KEY } from "../api/rules.ts";
import desk from "../Desk.module.css";
import { saysDone } from "../words.ts";
import { RuleSection } from "./RuleSection.tsx";
import styles from "./Rules.module.css";

const EVERY_MS = 5_000;

export function RulesDesk() {
  const { data, refetch, ...query } = useQuery({
    queryKey: RULES_KEY,
    queryFn: ({ signal }) => listRules(signal),
    refetchInterval: EVERY_MS,
  });
  const error = useStanding(RULES_KEY, { ...query, data });
  const [sentence, setSentence] = useState("");
  return (
    <>
      <div className={desk.head}>
        <h1 className={desk.title}>Rules</h1>
        <Link to={DESK_PAGE}>Comments</Link>
      </div>
      <p className={styles.intro}>
        The rules judge each comment, and the name of its author, when it is written or edited. A changed rule
        leaves earlier verdicts as they are.
      </p>
      <p role="status" className="unseen">
        {sentence}
      </p>
      {!data && error && <Failure title="The rules cannot be shown" error={error} onRetry={refetch} />}
      {!data && !error && <p role="status">Loading the rules…</p>}
      {data && (
        <>
          <Stale error={error} />
          <RuleSection
            kind="banned word"
            title="Banned words"
            fixed={data.environment}
            added={data.added}
            onSaid={setSentence}
          >
            A comment with one of them is rejected, also where it is part of a longer word, in any case and
            spelling.
          </RuleSection>
          <RuleSection
            kind="allowed site"
            title="Allowed sites"
            fixed={[]}
            added={data.added}
            onSaid={setSentence}
          >
            A comment with a link is held for a moderator, unless all its links lead to these sites. The name
            includes www, but no other part before it.
          </RuleSection>
        </>
      )}
      <Trail queryKey={["moderation"]} list={listAudit} says={saysDone} />
    </>
  );
}
