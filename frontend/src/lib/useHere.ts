import { useEffect, useRef } from "react";

/** Whether what called this is still shown: an answer may come after its reader went on. */
export function useHere(): { readonly current: boolean } {
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  return here;
}
