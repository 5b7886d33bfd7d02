import { useContext, useEffect, useId, useState } from "react";
import { setFaults } from "../api/faults.ts";
import { FlowContext, useFlow } from "../live/useFlow.ts";
import type { Faults } from "../types.ts";
import styles from "./Faults.module.css";
import { NO_FAULTS, percent } from "./faults.ts";

const APPLY_MS = 200;
const SLIDERS = [
  {
    name: "drop",
    label: "Drop",
    most: 1,
    step: 0.1,
    say: percent,
    what: "of requests or their responses are lost",
  },
  { name: "repeat", label: "Repeat", most: 1, step: 0.1, say: percent, what: "are sent twice" },
  {
    name: "reorder",
    label: "Reorder",
    most: 1,
    step: 0.1,
    say: percent,
    what: "are followed by an earlier one again",
  },
  {
    name: "delay",
    label: "Delay",
    most: 10,
    step: 0.5,
    say: (value: number) => `${value} s`,
    what: "before each request",
  },
] as const;

/** Faults of deliveries, to see that the system copes with lost, repeated, late and reordered ones. */
export function FaultSwitches() {
  const flow = useContext(FlowContext);
  const known = useFlow(({ faults }) => faults);
  const [wanted, setWanted] = useState<Faults | null>(null);
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(async () => {
      try {
        flow.faulted(await setFaults(wanted));
      } catch (error) {
        flow.say((error as Error).message);
      }
      setWanted((now) => (now === wanted ? null : now));
    }, APPLY_MS);
    return () => clearTimeout(timer);
  }, [wanted, flow]);
  if (!known) return null;
  const faults = wanted ?? known;
  return (
    <fieldset className={styles.faults}>
      <legend className="unseen">Faults of deliveries</legend>
      {SLIDERS.map((slider) => (
        <Slider
          key={slider.name}
          {...slider}
          value={faults[slider.name]}
          onChange={(value) => setWanted({ ...NO_FAULTS, ...faults, [slider.name]: value })}
        />
      ))}
    </fieldset>
  );
}

type SliderProps = {
  label: string;
  what: string;
  most: number;
  step: number;
  value: number;
  say: (value: number) => string;
  onChange: (value: number) => void;
};

function Slider({ label, what, most, step, value, say, onChange }: SliderProps) {
  const id = useId();
  return (
    <div className={styles.slider} data-on={value > 0}>
      <label htmlFor={id}>{label}</label>
      <output htmlFor={id}>{value > 0 ? say(value) : "off"}</output>
      <input
        id={id}
        type="range"
        min={0}
        max={most}
        step={step}
        value={value}
        aria-valuetext={`${say(value)} ${what}`}
        onChange={({ target }) => onChange(Number(target.value))}
      />
      <p>{what}</p>
    </div>
  );
}
