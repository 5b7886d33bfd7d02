import { fieldsOf } from "../../lib/api/shapes.ts";
import type { Entry } from "../../lib/audit/Trail.tsx";
import { plural } from "../../lib/text.ts";
import { areOn, NO_FAULTS, sayFaults } from "./faults/faults.ts";
import type { Faults } from "./types.ts";

/** What an operator did, after the name. */
export function sayAction({ action, target, detail }: Entry): string {
  const cause = typeof detail.error === "string" ? ` with the error “${detail.error}”` : "";
  const letters = () =>
    `${plural(Number(detail.deadLetters), "dead letter")}${target && ` of ${target}`}${cause}`;
  switch (action) {
    case "pause":
      return `paused ${target}`;
    case "resume":
      return `resumed ${target}`;
    case "replay":
      return `replayed ${target} from ${detail.from}`;
    case "subscribe":
      return `registered ${target} at ${detail.url}`;
    case "unsubscribe":
      return `removed ${target}`;
    case "retry":
      return `retried ${letters()}`;
    case "discard":
      return `discarded ${letters()}`;
    case "faults": {
      const faults = { ...NO_FAULTS, ...fieldsOf(detail) } as Faults;
      return areOn(faults) ? `broke deliveries: ${sayFaults(faults)}` : "ended the faults";
    }
    default:
      return `${action} ${target}`;
  }
}
