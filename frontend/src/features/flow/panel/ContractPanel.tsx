import { FlowTo } from "../FlowTo.tsx";
import type { Contract } from "../types.ts";
import { Code } from "./Code.tsx";
import styles from "./ContractPanel.module.css";
import { Fields } from "./Fields.tsx";
import { Panel, PanelSection } from "./Panel.tsx";

type Props = { type: string; contract: Contract | undefined };

/** What an event type promises, by whom, and to whom. */
export function ContractPanel({ type, contract }: Props) {
  if (!contract) {
    return (
      <Panel kind="Event type" name={type}>
        <p>No contract declares this type. It came from a service that was not made with Blogbus.</p>
      </Panel>
    );
  }
  const { publisher, consumers, version, description, schema, example } = contract;
  return (
    <Panel kind={`Event type, version ${version}`} name={type}>
      <p dir="auto">{description}</p>
      <dl className={styles.facts}>
        <dt>Published by</dt>
        <dd>
          <FlowTo change={{ service: publisher }}>{publisher}</FlowTo>
        </dd>
        <dt>Delivered to</dt>
        <dd>
          {consumers.length === 0 && "no subscription"}
          {consumers.map((name) => (
            <FlowTo key={name} change={{ subscription: name }}>
              {name}
            </FlowTo>
          ))}
        </dd>
        <dt>In the log</dt>
        <dd>
          <FlowTo change={{ type, contract: null }}>its events</FlowTo>
        </dd>
      </dl>
      <PanelSection title="Payload">
        <Fields schema={schema} />
      </PanelSection>
      <PanelSection title="Example">
        <Code label="example" text={JSON.stringify(example, null, 2)} />
      </PanelSection>
      <PanelSection title="Schema">
        <Code label="schema" text={JSON.stringify(schema, null, 2)} />
      </PanelSection>
    </Panel>
  );
}
