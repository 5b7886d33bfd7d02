import { useId } from "react";
import { Isolated } from "../../../lib/ui/Isolated.tsx";
import styles from "./Subscribe.module.css";

type Option = [value: string, words: string];

type ChoicesProps = {
  legend: string;
  name: string;
  options: Option[];
  chosen: string[];
  error: string | undefined;
  isFixed: boolean;
  onChoose: (chosen: string[]) => void;
};

/** Any of several. */
export function Choices({ legend, name, options, chosen, error, isFixed, onChoose }: ChoicesProps) {
  const id = useId();
  return (
    <div>
      <fieldset
        className={styles.choices}
        name={name}
        disabled={isFixed}
        tabIndex={-1}
        aria-describedby={error && id}
      >
        <legend>{legend}</legend>
        {options.map(([value, words]) => (
          <label key={value}>
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={({ target }) =>
                onChoose(target.checked ? [...chosen, value] : chosen.filter((each) => each !== value))
              }
            />
            <span>
              <Isolated text={value} /> <span className={styles.muted}>{words}</span>
            </span>
          </label>
        ))}
        {error && (
          <p id={id} className={styles.failure}>
            {error}
          </p>
        )}
      </fieldset>
    </div>
  );
}

type OptionsProps = {
  legend: string;
  name: string;
  options: Option[];
  value: string;
  isFixed: boolean;
  onPick: (value: string) => void;
};

/** One of several. */
export function Options({ legend, name, options, value, isFixed, onPick }: OptionsProps) {
  return (
    <div>
      <fieldset className={styles.choices} disabled={isFixed}>
        <legend>{legend}</legend>
        {options.map(([each, words]) => (
          <label key={each}>
            <input type="radio" name={name} checked={value === each} onChange={() => onPick(each)} />
            <span>{words}</span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}
