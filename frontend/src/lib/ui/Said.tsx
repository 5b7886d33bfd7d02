import { shows } from "../text.ts";

type Props = {
  text: string | null | undefined /** What stands for a text that shows nothing. */;
  instead?: string;
};

/** A line that a person or another program wrote: its direction is its own, and turns nothing around it. */
export function Said({ text, instead = "" }: Props) {
  return <bdi>{text && shows(text) ? text : instead}</bdi>;
}

/** Who wrote something, by the name they gave. */
export function Author({ name }: { name: string | null | undefined }) {
  return <Said text={name} instead="Anonymous" />;
}
