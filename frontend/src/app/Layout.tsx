import { useEffect, useRef } from "react";
import { Link, Outlet, useLocation, useNavigationType } from "react-router";
import { Line } from "../lib/ui/Line.tsx";
import styles from "./Layout.module.css";

export function Layout() {
  const main = useNewPage();
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
        <p className={styles.motto}>Five services that talk only through events</p>
      </header>
      <main id="main" ref={main} className={styles.main} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
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
