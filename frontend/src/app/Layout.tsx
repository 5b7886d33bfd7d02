import { useEffect, useRef } from "react";
import { Link, Outlet, useLocation, useNavigationType } from "react-router";
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
      </header>
      <main id="main" ref={main} className={styles.main} tabIndex={-1}>
        <Outlet />
      </main>
      <footer className={styles.footer}>Five services that talk only through events.</footer>
    </div>
  );
}

/** A line with its stops. */
function Line() {
  return (
    <svg className={styles.line} viewBox="0 0 44 16" aria-hidden="true">
      <path d="M2 8h40" />
      <circle cx="8" cy="8" r="3" />
      <circle cx="22" cy="8" r="3" />
      <circle className={styles.stop} cx="36" cy="8" r="5" />
    </svg>
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
