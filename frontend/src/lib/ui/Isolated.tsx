import { shows } from "../text.ts";

type Props = {
  text: string | null | undefined;
  /** What is shown for a text that shows nothing. */
  instead?: string;
};

/** A line by a person or another program: it has its own direction, and does not change that of the words around it. */
export function Isolated({ text, instead = "" }: Props) {
  return <bdi>{text && shows(text) ? text : instead}</bdi>;
}

/** The name that an author gave. */
export function Author({ name }: { name: string | null | undefined }) {
  return <Isolated text={name} instead="Anonymous" />;
}
