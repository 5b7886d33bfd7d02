import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { Trail } from "../../../lib/audit/Trail.tsx";
import { Failure, Stale } from "../../../lib/ui/Failure.tsx";
import { useStanding } from "../../../lib/useStanding.ts";
import { listAudit } from "../api/listAudit.ts";
import { listRules } from "../api/rules.ts";
import desk from "../Desk.module.css";
import { saysDone } from "../words.ts";
import { RuleForm } from "./RuleForm.tsx";
import { RuleList } from "./RuleList.tsx";
import styles from "./Rules.module.css";

const EVERY_MS = 5_000;
export const RULES_KEY = ["moderation", "rules"];

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
        <Link to="/moderate">Comments</Link>
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
          <section aria-labelledby="words" className={styles.section}>
            <h2 id="words">Banned words</h2>
            <p>
              A comment with one of them is rejected, also where it is part of a longer word, in any case and
              spelling.
            </p>
            <RuleForm kind="banned word" onSaid={setSentence} />
            <RuleList
              kind="banned word"
              fixed={data.environment}
              rules={data.added.filter(({ kind }) => kind === "banned word")}
              onSaid={setSentence}
            />
          </section>
          <section aria-labelledby="sites" className={styles.section}>
            <h2 id="sites">Allowed sites</h2>
            <p>
              A comment with a link is held for a moderator, unless all its links lead to these sites. The
              name includes www, but no other part before it.
            </p>
            <RuleForm kind="allowed site" onSaid={setSentence} />
            <RuleList
              kind="allowed site"
              fixed={[]}
              rules={data.added.filter(({ kind }) => kind === "allowed site")}
              onSaid={setSentence}
            />
          </section>
        </>
      )}
      <Trail queryKey={["moderation"]} list={listAudit} says={saysDone} />
    </>
  );
}
