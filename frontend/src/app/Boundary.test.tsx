import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { Boundary } from "./Boundary.tsx";

function Broken(): never {
  throw new TypeError("undefined is not a function");
}

test("a page that fails says so with a way to reload, and another page begins anew", () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { rerender } = render(
    <Boundary page="/">
      <Broken />
    </Boundary>,
  );
  expect(screen.getByText("This page cannot be shown")).toBeInTheDocument();
  expect(screen.getByRole("button")).toBeInTheDocument();
  rerender(
    <Boundary page="/flow">
      <p>The flow</p>
    </Boundary>,
  );
  expect(screen.getByText("The flow")).toBeInTheDocument();
  expect(screen.queryByText("This page cannot be shown")).not.toBeInTheDocument();
});
