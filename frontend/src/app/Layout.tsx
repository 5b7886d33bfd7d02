import { useEffect, useRef } from "react";
import { Link, NavLink, Outlet, useLocation, useNavigationType } from "react-router";
import { DESK_PAGE } from "../lib/address.ts";
import { useToken } from "../lib/token/token.ts";
import { Line } from "../lib/ui/Line.tsx";
import { Boundary } from "./Boundary.tsx";
import styles from "./Layout.module.css";

export function Layout() {
  const main = useNewPage();
  const { pathname } = useLocation();
  return (
    <div className={styles.layout}>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <header className={styles.header}>
        <Link className={styles.brand} to="/">
          <Line />
          Blogbus
        </Link>
        <Stops />
      </header>
      <main id="main" ref={main} className={styles.main} tabIndex={-1}>
        <Boundary page={pathname}>
          <Outlet />
        </Boundary>
      </main>
    </div>
  );
}

/** The pages that a token opens, for whoever holds one. */
function Stops() {
  const isModerator = useToken("moderator") !== "";
  const isOperator = useToken("operator") !== "";
  if (!isModerator && !isOperator) {
    return <p className={styles.motto}>Five services that talk only through events</p>;
  }
  return (
    <nav className={styles.stops} aria-label="Pages">
      <NavLink to="/" end>
        Blog
      </NavLink>
      {isModerator && <NavLink to={DESK_PAGE}>Moderation</NavLink>}
      {isOperator && <NavLink to="/flow">Flow</NavLink>}
    </nav>
  );
}

/** A new page starts at its top and with the keyboard in it; the browser itself restores the way back. */
function useNewPage() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const followedLink = useNavigationType() === "PUSH";
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus({ preventScroll: true });
    if (followedLink) window.scrollTo(0, 0);
  }, [pathname, followedLink]);
  return main;
}
