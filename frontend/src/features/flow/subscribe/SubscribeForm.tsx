import { Field } from "../../../lib/form/Field.tsx";
import { Sheet } from "../../../lib/form/Sheet.tsx";
import { useForm } from "../../../lib/form/useForm.ts";
import type { SubscriptionOptions } from "../api/subscriptions.ts";
import { useSubscription } from "../live/useFlow.ts";
import type { Contract } from "../types.ts";
import { Choices, Options } from "./Choices.tsx";
import styles from "./Subscribe.module.css";
import { namesIn, RULES, save } from "./subscription.ts";

type Props = { contracts: Contract[]; onSubscribed: (name: string, options: SubscriptionOptions) => void };

export function SubscribeForm({ contracts, onSubscribed }: Props) {
  const form = useForm("subscribe", RULES, save, ([name, options]) => onSubscribed(name, options));
  const known = useSubscription(form.field("name").value.trim());
  const { isSending, failure } = form.sending;
  const types = form.field("types");
  return (
    <Sheet name="Subscribe a service" onSubmit={form.submit}>
      <Field label="Name" placeholder="moderation" {...form.field("name")} />
      <Field label="URL" placeholder="http://localhost:4003/events" {...form.field("url")} />
      <Choices
        legend="Events"
        name="types"
        options={contracts.map(({ type, publisher }) => [type, `from ${publisher}`])}
        chosen={namesIn(types.value)}
        error={types.error}
        isFixed={isSending}
        onChoose={(chosen) => form.set("types", chosen.join(","))}
      />
      <Field label="Other events, separated by commas" optional {...form.field("others")} />
      <Options
        legend="Each request carries"
        name="format"
        options={[
          ["single", "one event, as JSON; any 2xx means applied"],
          ["batch", "many events; the response has the result of each"],
        ]}
        value={form.field("format").value || "single"}
        isFixed={isSending}
        onPick={(format) => form.set("format", format)}
      />
      <Options
        legend="Events that it misses while it is absent"
        name="catchUp"
        options={[
          ["bus", "the bus delivers them"],
          ["self", "it reads them from GET /events when it starts"],
        ]}
        value={form.field("catchUp").value || "bus"}
        isFixed={isSending}
        onPick={(catchUp) => form.set("catchUp", catchUp)}
      />
      <div className={styles.foot}>
        <p role="status" className={styles.note}>
          {known && `${known.name} is already subscribed: this replaces its URL and its events.`}
        </p>
        <button type="submit" aria-disabled={isSending}>
          {isSending ? "Subscribing…" : known ? "Change the subscription" : "Subscribe"}
        </button>
        <p role="alert" className={styles.failure}>
          {failure}
        </p>
      </div>
    </Sheet>
  );
}
