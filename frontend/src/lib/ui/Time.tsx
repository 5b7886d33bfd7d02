import { useEffect, useState } from "react";
import styles from "./Time.module.css";

const TICK_MS = 20_000;
const MINUTE = 60;
const UNITS = [
  { unit: "minute", seconds: MINUTE, below: 60 * MINUTE },
  { unit: "hour", seconds: 60 * MINUTE, below: 24 * 60 * MINUTE },
  { unit: "day", seconds: 24 * 60 * MINUTE, below: 7 * 24 * 60 * MINUTE },
] as const;

const spoken = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "medium" });

type Props = {
  iso: string;
  /** It stands in a link, which has the focus in its place. */
  isLinked?: boolean;
};

/**
 * How long ago, kept current, and the exact moment on hover and tap; nothing where `iso` is no moment. It is no stop for
 * the tab key: a long thread would have one for each comment, before its form.
 */
export function Time({ iso, isLinked = false }: Props) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return null;
  return (
    <time
      className={styles.time}
      dateTime={iso}
      data-exact={exact.format(date)}
      {...(!isLinked && { tabIndex: -1 })}
    >
      {relative(date, now)}
    </time>
  );
}

function relative(date: Date, now: number) {
  const age = (now - date.getTime()) / 1000;
  if (age < MINUTE) return "just now";
  const step = UNITS.find(({ below }) => age < below);
  return step ? spoken.format(-Math.floor(age / step.seconds), step.unit) : day.format(date);
}
