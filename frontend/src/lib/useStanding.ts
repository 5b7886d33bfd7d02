import { hashKey, type QueryKey } from "@tanstack/react-query";
import { useState } from "react";

type Result = { data: unknown; error: Error | null };

/** Why nothing is known of what a query asks, until its next try is through: its own error goes when that begins. */
export function useStanding(queryKey: QueryKey, { data, error }: Result): Error | null {
  const of = hashKey(queryKey);
  const [last, setLast] = useState({ of, error });
  const isSame = last.of === of && data === undefined;
  const standing = error ?? (isSame ? last.error : null);
  if (last.of !== of || last.error !== standing) setLast({ of, error: standing });
  return standing;
}
