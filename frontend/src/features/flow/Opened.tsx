import { FaultPanel } from "./faults/FaultPanel.tsx";
import { ContractPanel } from "./panel/ContractPanel.tsx";
import { SubscriptionPanel } from "./panel/SubscriptionPanel.tsx";
import { EventPanel } from "./path/EventPanel.tsx";
import { RebuildPanel } from "./rebuild/RebuildPanel.tsx";
import { SubscribePanel } from "./subscribe/SubscribePanel.tsx";
import type { Contract } from "./types.ts";
import type { OpenedThing } from "./view.ts";

/** What the address says is open. */
export function Opened({ opened: { kind, id }, contracts }: { opened: OpenedThing; contracts: Contract[] }) {
  if (kind === "event") return <EventPanel id={id} />;
  if (kind === "subscription") return <SubscriptionPanel name={id} />;
  if (kind === "subscribe") return <SubscribePanel contracts={contracts} />;
  if (kind === "tool") return id === "rebuild" ? <RebuildPanel /> : <FaultPanel />;
  return <ContractPanel type={id} contract={contracts.find(({ type }) => type === id)} />;
}
