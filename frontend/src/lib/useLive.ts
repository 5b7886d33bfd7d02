const FAST_MS = 1_000;
const SLOW_MS = 5_000;
const PATIENCE_MS = 5 * 60_000;

/**
 * How a page stays live: the refetch interval for its query, fast while something of the reader's own is on
 * its way. A held comment may wait for days, so the haste ends after a while. Hidden tabs do not ask.
 */
export function useLive<T>(waitingSince: (data: T | undefined) => string | undefined) {
  return ({ state }: { state: { data: T | undefined } }) => {
    const since = waitingSince(state.data);
    return since && Date.now() - Date.parse(since) < PATIENCE_MS ? FAST_MS : SLOW_MS;
  };
}
