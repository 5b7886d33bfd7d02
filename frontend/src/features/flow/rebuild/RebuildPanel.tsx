import { Lag } from "../Lag.tsx";
import { useSubscription } from "../live/useFlow.ts";
import { Code } from "../panel/Code.tsx";
import { Panel, PanelSection } from "../panel/Panel.tsx";

const READER = "query";

/** The bus empties nobody's tables: the service itself does, and the bus fills them again. */
export function RebuildPanel() {
  const subscription = useSubscription(READER);
  return (
    <Panel kind="Tool" name="Rebuild the read model">
      <p>
        If what the blog shows is wrong, empty the read model: its inbox gets a new id, and the bus delivers
        the whole history again. A replay is not enough, because the inbox skips what it has applied.
        Meanwhile the blog shows fewer posts.
      </p>
      <PanelSection title="In the folder query_svc">
        <Code label="command" text="../.venv/bin/python manage.py rebuild" />
      </PanelSection>
      {subscription && (
        <PanelSection title="Progress">
          <p>
            {READER}: <Lag subscription={subscription} />
          </p>
        </PanelSection>
      )}
    </Panel>
  );
}
