import { useEffect, useEffectEvent } from "react";
import { useLocation } from "react-router";

type Rows = { focusFirst: () => void; focusRowOf: (id: string) => void };

/** Where the keyboard goes once comments are there: into the list that was asked for, or back to where it left one. */
export function useEntry(isReady: boolean, { focusFirst, focusRowOf }: Rows) {
  const { state } = useLocation();
  const enter = useEffectEvent(() => {
    if (document.activeElement !== document.body) return;
    if (state?.at) focusRowOf(state.at);
    else if (state?.entered) focusFirst();
  });
  useEffect(() => {
    if (isReady) enter();
  }, [isReady]);
}
