import { type FocusEvent, type PointerEvent, useState } from "react";

/** Whether somebody points at it or has the focus in it. Each may go while the other stays: a press moves the focus. */
export function useAttention() {
  const [isPointedAt, setPointedAt] = useState(false);
  const [hasFocus, setFocus] = useState(false);
  return {
    isAttended: isPointedAt || hasFocus,
    attention: {
      onPointerEnter: () => setPointedAt(true),
      onPointerLeave: ({ currentTarget }: PointerEvent) => {
        setPointedAt(false);
        // What had the focus may have been scrolled out of the list, which says nothing.
        setFocus(currentTarget.contains(document.activeElement));
      },
      onFocus: () => setFocus(true),
      onBlur: ({ currentTarget, relatedTarget }: FocusEvent) =>
        setFocus(currentTarget.contains(relatedTarget)),
    },
  };
}
