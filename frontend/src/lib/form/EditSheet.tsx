import type { FormEvent, ReactNode } from "react";
import { Foot } from "./Foot.tsx";
import { Sheet } from "./Sheet.tsx";

type Props = {
  name: string;
  form: {
    submit: (event: FormEvent<HTMLFormElement>) => void;
    forget: () => void;
    sending: { isSending: boolean; failure: string | undefined };
  };
  onClose: () => void;
  children: ReactNode;
};

/** To change what is there. Escape leaves it and keeps the words for the next time, Cancel forgets them. */
export function EditSheet({ name, form, onClose, children }: Props) {
  const { isSending } = form.sending;
  function leave() {
    if (!isSending) onClose();
  }
  function cancel() {
    if (isSending) return;
    form.forget();
    onClose();
  }
  return (
    <Sheet name={name} onSubmit={form.submit} onEscape={leave}>
      {children}
      <Foot label="Save" busy="Saving…" onCancel={cancel} {...form.sending} />
    </Sheet>
  );
}
