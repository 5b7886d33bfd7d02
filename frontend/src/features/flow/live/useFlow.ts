import { createContext, useContext, useSyncExternalStore } from "react";
import { Flow, type Picture } from "./flow.ts";

export const FlowContext = createContext<Flow>(new Flow());

/** One thing out of the live picture; the component is drawn again only when that thing changes. */
export function useFlow<T>(select: (picture: Picture) => T): T {
  const flow = useContext(FlowContext);
  return useSyncExternalStore(flow.subscribe, () => select(flow.read()));
}

export function useSubscription(name: string) {
  return useFlow(({ subscriptions }) => subscriptions?.find((each) => each.name === name));
}
