import type { Contract } from "../types.ts";
import styles from "./ContractPanel.module.css";
import { typeOf } from "./typeOf.ts";

/** A payload's fields, in words. */
export function Fields({ schema }: { schema: Contract["schema"] }) {
  return (
    <dl className={styles.fields}>
      {Object.entries(schema.properties).map(([name, property]) => (
        <div key={name}>
          <dt>
            <code dir="auto">{name}</code> <span>{typeOf(property)}</span>
            {!schema.required?.includes(name) && <span>, optional</span>}
          </dt>
          {property.description && <dd>{withCode(property.description)}</dd>}
        </div>
      ))}
    </dl>
  );
}

/** What stands in `backticks` is code. */
function withCode(text: string) {
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a written text never move
  return text.split("`").map((part, index) => (index % 2 ? <code key={index}>{part}</code> : part));
}
