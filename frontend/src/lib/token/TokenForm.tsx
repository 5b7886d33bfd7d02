import { type FormEvent, useState } from "react";
import { Field } from "../form/Field.tsx";
import { Sheet } from "../form/Sheet.tsx";
import styles from "./TokenForm.module.css";
import { keepToken, type Role, useRefusal } from "./token.ts";

const LONGEST = 200;

/** Asks for a role's token, and says how to get one. */
export function TokenForm({ of: role, title }: { of: Role; title: string }) {
  const [token, setToken] = useState("");
  const [isWrong, setWrong] = useState(false);
  const refusal = useRefusal(role);
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    // What is copied from a web page may have characters that nobody sees, and no header takes.
    setWrong(/[^\x21-\x7e]/.test(token.trim()));
    if (/^[\x21-\x7e]+$/.test(token.trim())) keepToken(role, token.trim());
  }
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>{title}</h1>
      <p>This page needs the {role}'s token. This command prints it:</p>
      <pre className={styles.command}>python3 manage_all.py token {role}</pre>
      <Sheet name={`The ${role}'s token`} onSubmit={submit}>
        <Field
          label="Token"
          name="token"
          value={token}
          limit={LONGEST}
          error={isWrong ? "A token has no spaces and no special characters." : undefined}
          readOnly={false}
          onChange={({ target }) => setToken(target.value)}
        />
        <div className={styles.foot}>
          <p className={styles.failure} role="alert">
            {refusal}
          </p>
          <button type="submit">Open</button>
        </div>
      </Sheet>
      <p className={styles.note}>This browser stores the token until you choose “Forget it”.</p>
    </div>
  );
}
