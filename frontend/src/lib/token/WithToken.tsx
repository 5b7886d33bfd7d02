import { type ReactNode, useEffect, useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { isFree } from "../keyboard.ts";
import styles from "./TokenForm.module.css";
import { TokenForm } from "./TokenForm.tsx";
import { forgetToken, keepToken, type Role, useToken } from "./token.ts";

type Props = { of: Role; title: string; children: ReactNode };

/** Its children once the role's token is held, and a way to let go of it; until then the form that asks for it. */
export function WithToken({ of: role, title, children }: Props) {
  const token = useToken(role);
  const isTaking = useTokenInAddress(role);
  useFocusOnTurn(token !== "");
  if (isTaking) return null;
  if (!token) return <TokenForm of={role} title={title} />;
  return (
    <>
      <div className={styles.inside}>{children}</div>
      <p className={styles.kept}>
        This browser keeps the {role}'s token.{" "}
        <button type="button" className="quiet small" onClick={() => forgetToken(role)}>
          Forget it
        </button>
      </p>
    </>
  );
}

/** What held the keyboard goes when the token comes or goes: the page takes it. */
function useFocusOnTurn(isOpen: boolean) {
  const before = useRef(isOpen);
  useEffect(() => {
    if (before.current === isOpen) return;
    before.current = isOpen;
    if (isFree()) document.getElementById("main")?.focus({ preventScroll: true });
  }, [isOpen]);
}

/** Takes `#operator=<token>` out of the address, so that it is in no history and in no copied link. */
function useTokenInAddress(role: Role): boolean {
  const { hash, pathname, search } = useLocation();
  const navigate = useNavigate();
  const given = new URLSearchParams(hash.slice(1)).get(role);
  useEffect(() => {
    if (given === null) return;
    keepToken(role, given);
    navigate({ pathname, search }, { replace: true });
  }, [given, role, pathname, search, navigate]);
  return given !== null;
}
