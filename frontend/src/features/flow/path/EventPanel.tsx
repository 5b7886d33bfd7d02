import { useQuery } from "@tanstack/react-query";
import { isNotFound } from "../../../lib/problem.ts";
import { Failure } from "../../../lib/ui/Failure.tsx";
import { Isolated } from "../../../lib/ui/Isolated.tsx";
import { Skeleton } from "../../../lib/ui/Skeleton.tsx";
import { useStanding } from "../../../lib/useStanding.ts";
import { readPath } from "../api/events.ts";
import { FlowTo } from "../FlowTo.tsx";
import { useFlow } from "../live/useFlow.ts";
import { Code } from "../panel/Code.tsx";
import facts from "../panel/ContractPanel.module.css";
import { Panel, PanelSection } from "../panel/Panel.tsx";
import { wholeTime } from "../say.ts";
import type { Path } from "../types.ts";
import { Chain } from "./Chain.tsx";
import { Waterfall } from "./Waterfall.tsx";

const SOON_MS = 1_000;
const LATER_MS = 5_000;

/** The path of one event through the system, and its content. */
export function EventPanel({ id }: { id: string }) {
  const isFrozen = useFlow((picture) => picture.isFrozen);
  const queryKey = ["bus-event", id];
  const { data, refetch, ...query } = useQuery({
    queryKey,
    queryFn: ({ signal }) => readPath(id, signal),
    refetchInterval: ({ state }) => !isFrozen && (isOnItsWay(state.data) ? SOON_MS : LATER_MS),
  });
  const error = useStanding(queryKey, { ...query, data });
  if (!data) {
    return (
      <Panel kind="Event" name={isNotFound(error) ? "No such event" : "…"}>
        <Said text="Loading the event" />
        {isNotFound(error) && (
          <p>
            The log has no event <Isolated text={id} />. Old events may have left it.
          </p>
        )}
        {error && !isNotFound(error) && (
          <Failure title="The event cannot be shown" error={error} onRetry={refetch} />
        )}
        {!error && <Skeleton widths={[80, 60, 70, 40]} />}
      </Panel>
    );
  }
  const { event } = data;
  return (
    <Panel kind="Event" name={event.type}>
      <Said text={`${event.type} is shown.`} />
      <dl className={facts.facts}>
        <dt>Id</dt>
        <dd>
          <Isolated text={event.id} />
        </dd>
        <dt>Time</dt>
        <dd>
          <time dateTime={event.time}>{wholeTime(event.time)}</time>
        </dd>
        <dt>Subject</dt>
        <dd>
          <FlowTo change={{ subject: event.subject, event: null }}>{event.subject}</FlowTo>
        </dd>
        <dt>Contract</dt>
        <dd>
          <FlowTo change={{ contract: event.type }}>{event.type}</FlowTo>
        </dd>
      </dl>
      <PanelSection title="Path">
        <Chain path={data} />
      </PanelSection>
      {/* During an update, the bus may be of a release that does not tell it. */}
      {data.now && (
        <PanelSection title="Waterfall">
          <Waterfall key={id} path={data} />
        </PanelSection>
      )}
      <PanelSection title="Payload">
        <Code label="payload" text={JSON.stringify(event.data, null, 2)} />
      </PanelSection>
      <PanelSection title="From a terminal">
        <Code label="command" text={curlFor(id)} />
        <Code label="command for its chain's log lines" text={logsOf(event)} />
      </PanelSection>
      <PanelSection title="Whole event">
        <Code label="event" text={JSON.stringify(event, null, 2)} />
      </PanelSection>
    </Panel>
  );
}

/** The heading has the keyboard, and nobody is told when it changes. */
function Said({ text }: { text: string }) {
  return (
    <p role="status" className="unseen">
      {text}
    </p>
  );
}

function isOnItsWay(path: Path | undefined) {
  return path?.deliveries.some(({ state }) => state !== "settled" && state !== "discarded") ?? true;
}

/** The token stays out of it: who copies it may show it around. */
function curlFor(id: string) {
  const token = "$(python3 manage_all.py token operator)";
  // A publisher chooses its ids: what is pasted into a shell must be one word there.
  const path = encodeURIComponent(id).replaceAll("'", "%27");
  return `curl -H "authorization: Bearer ${token}" '${window.location.origin}/bus/events/${path}'`;
}

function logsOf({ id, correlationid }: Path["event"]) {
  return `python3 manage_all.py logs --chain='${(correlationid ?? id).replaceAll("'", "'\\''")}'`;
}
