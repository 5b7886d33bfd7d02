import { memo } from "react";
import { useFlow } from "../live/useFlow.ts";
import { perSecond } from "../say.ts";
import styles from "./Bus.module.css";

type Props = { x: number; y: number; width: number; height: number };

/** The interchange. */
export const Bus = memo(function Bus({ x, y, width, height }: Props) {
  const rate = useFlow(({ rates }) =>
    Object.entries(rates).reduce((sum, [key, each]) => (key.startsWith("into:") ? sum + each : sum), 0),
  );
  const isLost = useFlow(({ link }) => link.state === "lost");
  return (
    <div
      className={styles.bus}
      style={{ insetInlineStart: x, insetBlockStart: y, width, height }}
      data-lost={isLost}
    >
      <p className={styles.name}>event bus</p>
      <p className={styles.rate}>{isLost ? "does not answer" : rate > 0 && perSecond(rate)}</p>
    </div>
  );
});
