import { hashKey } from "@tanstack/react-query";
import { Link, useSearchParams } from "react-router";
import { RULES_PAGE } from "../../lib/address.ts";
import { askedIn, selectionOf } from "./asked.ts";
import styles from "./Desk.module.css";
import { Filters } from "./Filters.tsx";
import { Queue } from "./Queue.tsx";
import { StatusTabs } from "./StatusTabs.tsx";
import { useCounts } from "./useCounts.ts";

export function Desk() {
  const [search] = useSearchParams();
  const asked = askedIn(search);
  return (
    <>
      <div className={styles.head}>
        <h1 className={styles.title}>Moderation</h1>
        <Link to={RULES_PAGE}>Rules</Link>
      </div>
      <StatusTabs asked={asked} counts={useCounts(selectionOf(asked))} />
      <Filters asked={asked} />
      <Queue key={hashKey([asked])} asked={asked} />
    </>
  );
}
