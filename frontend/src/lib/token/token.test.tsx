import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { open, violations } from "../../testing/open.tsx";
import { fakeServices, never, problem } from "../../testing/services.ts";

const READ = "GET /bus/stream";
const HELD = "blogbus:operator-token";

test("without a token the page asks for it and says how to get one", async () => {
  fakeServices({ [READ]: never });
  const { user } = open("/flow");
  expect(await screen.findByText("python3 manage_all.py token operator")).toBeInTheDocument();
  expect(await violations()).toEqual([]);
  await user.type(screen.getByLabelText("Token"), "s3c\u200bret");
  await user.click(screen.getByRole("button", { name: "Open" }));
  expect(screen.getByText("A token has no spaces and no special characters.")).toBeInTheDocument();
  await user.clear(screen.getByLabelText("Token"));
  await user.type(screen.getByLabelText("Token"), " s3cret ");
  await user.click(screen.getByRole("button", { name: "Open" }));
  expect(await screen.findByText("Connecting…")).toBeInTheDocument();
  expect(localStorage.getItem(HELD)).toBe('"s3cret"');
  expect(screen.getByRole("main")).toHaveFocus();
});

test("a token in the address is kept, sent with every call, and gone from the address", async () => {
  const { sent } = fakeServices({ [READ]: never });
  open("/flow?subject=p1#operator=s3cret");
  expect(await screen.findByText("Connecting…")).toBeInTheDocument();
  expect(sent.map(({ token }) => token)).toEqual(sent.map(() => "Bearer s3cret"));
  expect(sent.map(({ call }) => call)).toContain(READ);
  expect(screen.getByTestId("address")).toHaveTextContent(/^\/flow\?subject=p1$/);
});

test("a token is forgotten when one asks for it, and the page asks for one again", async () => {
  localStorage.setItem(HELD, '"s3cret"');
  fakeServices({ [READ]: never });
  const { user } = open("/flow");
  await user.click(await screen.findByRole("button", { name: "Forget it" }));
  expect(screen.getByLabelText("Token")).toBeInTheDocument();
  expect(localStorage.getItem(HELD)).toBe('""');
});

test("a token that is not taken is forgotten, and the page says why", async () => {
  localStorage.setItem(HELD, '"moderators"');
  const why = "This needs the operator's token, and yours is the moderator's.";
  fakeServices({ [READ]: problem(403, why) });
  open("/flow");
  expect(await screen.findByText(why)).toHaveAttribute("role", "alert");
  expect(localStorage.getItem(HELD)).toBe('""');
  expect(await violations()).toEqual([]);
});
