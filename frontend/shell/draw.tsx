import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { MemoryRouter } from "react-router";
import { App } from "../src/app/App.tsx";

/** HTML for the document's head and for the application's root. */
export type Shell = { head: string; body: string };

/** What the application draws first at an address, before it has asked anybody. Needs a document without a title. */
export function draw(path: string): Shell {
  const container = document.body.appendChild(document.createElement("div"));
  const root = createRoot(container);
  flushSync(() =>
    root.render(
      <MemoryRouter initialEntries={[path]}>
        <App />
      </MemoryRouter>,
    ),
  );
  const head = [...document.head.querySelectorAll("title, meta")].map((each) => each.outerHTML);
  const shell = { head: head.join("\n    "), body: container.innerHTML };
  root.unmount();
  container.remove();
  return shell;
}
