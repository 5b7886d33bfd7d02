import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { MemoryRouter, useLocation } from "react-router";
import { App } from "../app/App.tsx";

/** Opens the whole application at an address, as a reader does. */
export function open(path: string) {
  const user = userEvent.setup();
  const view = render(
    <MemoryRouter initialEntries={[path]}>
      <App />
      <Address />
    </MemoryRouter>,
  );
  return { user, ...view };
}

/** What the address bar would show. */
function Address() {
  const { pathname, search, hash } = useLocation();
  return <output hidden data-testid="address">{`${pathname}${search}${hash}`}</output>;
}

/** Contrast needs real pixels: the browser tests look at it. */
export async function violations() {
  const { violations: found } = await axe.run(document, { rules: { "color-contrast": { enabled: false } } });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}
