import type { QueryClient, QueryKey } from "@tanstack/react-query";

/** Has what is shown read again. A page of older things that is on its way comes first: it would be cut off. */
export async function refresh(client: QueryClient, queryKey: QueryKey) {
  const growing = client
    .getQueryCache()
    .findAll({ queryKey, predicate: ({ state }) => Boolean(state.fetchMeta?.fetchMore) });
  await Promise.all(growing.map((query) => query.promise?.catch(() => {})));
  await client.invalidateQueries({ queryKey });
}
