import styles from "./Prose.module.css";

/** Plain text as it was typed: an empty line parts paragraphs. */
export function Prose({ text }: { text: string }) {
  const paragraphs = text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== "");
  return (
    <div className={styles.prose}>
      {paragraphs.map((paragraph, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a written text's paragraphs never move
        <p key={index} dir="auto">
          {paragraph}
        </p>
      ))}
    </div>
  );
}
