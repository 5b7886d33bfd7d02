import { useMutation } from "@tanstack/react-query";
import { useContext } from "react";
import { FlowContext } from "./live/useFlow.ts";

/** Something that an operator does: once at a time, and if it fails the page says so. */
export function useAct(action: () => Promise<void>) {
  const flow = useContext(FlowContext);
  const { mutate, isPending } = useMutation({
    mutationFn: action,
    onError: (error) => flow.say(error.message),
  });
  return { act: () => !isPending && mutate(), isBusy: isPending };
}
