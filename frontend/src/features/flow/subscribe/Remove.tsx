import { useQueryClient } from "@tanstack/react-query";
import { useContext } from "react";
import { unsubscribe } from "../api/subscriptions.ts";
import { AskFirst } from "../letters/AskFirst.tsx";
import { KEY as DEAD_LETTERS } from "../letters/useGroups.ts";
import { FlowContext } from "../live/useFlow.ts";
import type { Subscription } from "../types.ts";
import { useAct } from "../useAct.ts";
import { useClose } from "../view.ts";
import styles from "./Subscribe.module.css";

/** Ends a subscription, after asking. */
export function Remove({ subscription: { name, inboxId } }: { subscription: Subscription }) {
  const flow = useContext(FlowContext);
  const client = useQueryClient();
  const close = useClose();
  const { act } = useAct(async () => {
    await unsubscribe(name);
    client.invalidateQueries({ queryKey: DEAD_LETTERS });
    flow.say(`${name} is not subscribed any more.`);
    close("subscription", name);
  });
  return (
    <>
      <p>
        {inboxId
          ? `${name} was made with Blogbus: while it runs, it subscribes again within seconds.`
          : "Its parked events are deleted. If it is subscribed again, it starts anew."}
      </p>
      <div className={styles.ask}>
        <AskFirst
          label="Remove"
          what={name}
          question={`Stop all deliveries to ${name}?`}
          yes="Remove"
          onYes={act}
        />
      </div>
    </>
  );
}
