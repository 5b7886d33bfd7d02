import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { Blocks } from "./Blocks.tsx";
import { excerpt } from "./excerpt.ts";
import { LONGEST } from "./parse.ts";

/** What an event can carry, and the longest that is parsed. */
const LENGTHS = [65_536, LONGEST];

/** The HTML of what is shown, without names of classes. */
function shown(text: string, headings?: number): string {
  const { container } = render(<Blocks text={text} {...(headings && { headings })} />);
  return container.innerHTML.replace(/ class="[^"]*"/g, "").replace(/^<div>|<\/div>$/g, "");
}

const REL = 'rel="nofollow noopener noreferrer ugc"';

test.each([
  ["One.\n\nTwo,\nthree.", '<p dir="auto">One.</p><p dir="auto">Two,<br>three.</p>'],
  ["**bold** and *italic*", '<p dir="auto"><strong>bold</strong> and <em>italic</em></p>'],
  ["a `b < c` d", '<p dir="auto">a <code dir="ltr"><bdi>b &lt; c</bdi></code> d</p>'],
  ["```py\n  if x:\n\ty\n```", '<pre dir="ltr" tabindex="0"><code>  if x:\n\ty</code></pre>'],
  ["    if x:\n      y", '<pre dir="ltr" tabindex="0"><code>if x:\n  y</code></pre>'],
  ["- a\n- b", '<ul><li><p dir="auto">a</p></li><li><p dir="auto">b</p></li></ul>'],
  ["3. a\n4. b", '<ol start="3"><li><p dir="auto">a</p></li><li><p dir="auto">b</p></li></ol>'],
  ["> said\n\nand done", '<blockquote><p dir="auto">said</p></blockquote><p dir="auto">and done</p>'],
  ["[here](https://a.example/x)", `<p dir="auto"><a href="https://a.example/x" ${REL}>here</a></p>`],
  [
    "see https://a.example/b_c_d.",
    `<p dir="auto">see <a href="https://a.example/b_c_d" ${REL}>https://a.example/b_c_d</a>.</p>`,
  ],
  ["me@a.example", `<p dir="auto"><a href="mailto:me@a.example" ${REL}>me@a.example</a></p>`],
  [
    "![a cat](https://a.example/cat.png)",
    `<p dir="auto"><a href="https://a.example/cat.png" ${REL}>a cat</a></p>`,
  ],
])("%j is shown as what it means", (text, html) => {
  expect(shown(text)).toBe(html);
});

test.each([
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<b>bold</b> &amp; &lt;",
  "[here](javascript:alert(1))",
  "[here](JaVaScRiPt:alert(1))",
  "[here](data:text/html,x)",
  "![x](javascript:alert(1))",
  "[here](/flow)",
  "2 * 3 * 4 and snake_case_name",
  "a ~~b~~ | c",
  "[x]: y",
])("%j stays the text that it is", (text) => {
  const { container } = render(<Blocks text={text} />);
  expect(container.textContent).toBe(text);
  expect(container.querySelectorAll("p > *, script, img, a")).toHaveLength(0);
});

test("headings of a post follow its title without a gap, those of a comment are no part of the outline", () => {
  const text = "### First\n\n##### Below\n\n# Next";
  expect(shown(text, 2)).toBe('<h2 dir="auto">First</h2><h3 dir="auto">Below</h3><h2 dir="auto">Next</h2>');
  render(<Blocks text={text} />);
  expect(screen.getAllByText("Next").at(-1)?.tagName).toBe("P");
});

const HOSTILE = {
  "[": "[",
  "*": "*",
  ">": ">",
  "> and a blank": "> ",
  "emphasis that never ends": "*a _b",
  "links in links": "[a](",
  "empty links": "[](",
  pictures: "![",
  backticks: "`",
  "lists in lists": "1. ",
  "angle brackets": "<",
  "addresses without a host": "a@",
  "lines of quotes": ">\n\n",
};

const hostile = LENGTHS.flatMap((length) =>
  Object.entries(HOSTILE).map(([kind, unit]) => [length, kind, unit] as const),
);

test.each(hostile)("%d characters of %s neither hang the page nor overflow the stack", (length, _, unit) => {
  const text = unit.repeat(length / unit.length);
  const { container } = render(<Blocks text={text} />);
  expect(container.querySelectorAll("blockquote blockquote blockquote").length).toBeLessThan(20);
});

test("a list that is nested line by line is shown, the deepest of it as it was typed", () => {
  const text = Array.from({ length: 100 }, (_, depth) => `${"  ".repeat(depth)}- a`).join("\n");
  const { container } = render(<Blocks text={text} />);
  expect(container.querySelectorAll("ul").length).toBeLessThan(12);
  expect(container.textContent).toContain("- a");
});

test.each([
  ["# On order\n\n**First** things `first`.", "On order\n\nFirst things first."],
  ["- one\n- *two*\n> three", "one\ntwo\nthree"],
  ["see [this](https://a.example) and ![that](https://a.example/x.png)", "see this and that"],
  ["```js\nlet a = 1;\n```", "\nlet a = 1;\n"],
  ["2 * 3 * 4, snake_case_name, a - b", "2 * 3 * 4, snake_case_name, a - b"],
  ["שלום **עולם**", "שלום עולם"],
])("the excerpt of %j has no marks", (text, expected) => {
  expect(excerpt(text)).toBe(expected);
});

test("an excerpt of hostile text is made of its beginning alone, and does not hang the page", () => {
  for (const unit of Object.values(HOSTILE))
    expect(excerpt(unit.repeat(LONGEST)).length).toBeLessThanOrEqual(1_000);
});
