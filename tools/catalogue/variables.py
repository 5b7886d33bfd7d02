"""docs/settings.md: every environment variable that a service reads, from the code that reads it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from launcher.project import names_in

from tools.one_process import ROOT

CHASSIS = ROOT / "svc_chassis/src/svc_chassis"
OTHERS = [name for name in names_in(ROOT) if name not in ("eventbus", "frontend")]
PARTS = {
    "Every service": [CHASSIS / "settings.py", CHASSIS / "database/settings.py", CHASSIS / "web/settings.py"],
    "The event bus": [ROOT / "eventbus_svc/eventbus/settings.py"],
    **{name.capitalize(): [ROOT / f"{name}_svc/{name}/settings.py"] for name in OTHERS},
}
NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
SECRETS = {"token", "signing_keys"}
READERS = {"str", "bool", "int", "float", "list", "_url"} | SECRETS
SECRET = "generated locally; in production it must be given"
TOKEN = "Bearer tokens of {role}s: one, or `name=token,name=token,…`, so that the audit trail says who."


class Variable(NamedTuple):
    name: str
    default: str
    meaning: str


def rendered(command: str) -> str:
    return "\n".join(_lines(command)) + "\n"


def _lines(command: str) -> Iterator[str]:
    yield f"""# Settings

Services are configured by environment variables, which each service reads once, when it starts. A service with an
invalid value does not start, and says what to set. This page is generated from the code by `{command}`.

`manage_all.py up` passes them on from your shell. `<SERVICE>_X` sets `X` for one service, for example
`POSTS_DATABASE_URL`; `DATABASE_URL`, `EVENTBUS_URL`, `SECRET_KEY`, `SERVICE_PORT` and `SERVICE_URL` are passed on in
this form only. In Kubernetes they are set in the manifests ([infra](../infra/README.md))."""
    for title, sources in PARTS.items():
        if not (its := sorted({variable for source in sources for variable in variables(source)})):
            continue
        yield f"\n## {title}\n\n| Variable | Default | Meaning |\n|---|---|---|"
        for found in its:
            yield f"| `{found.name}` | {found.default} | {found.meaning} |"


def variables(source: Path) -> Iterator[Variable]:
    """Those that one module reads. Raises ValueError for one without a comment that says what it is."""
    text = source.read_text()
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Attribute(attr=reader) | ast.Name(id=reader), args=args) if reader in READERS:
                for place, name in enumerate(_text(arg) for arg in args):
                    if NAME.fullmatch(name):
                        meaning, _, default = _comment(lines, node.lineno, name).partition(" Default: ")
                        given = [keyword.value for keyword in node.keywords if keyword.arg == "default"]
                        default = default.removesuffix(".") or _default(reader, [*given, *args[place + 1 :]])
                        yield Variable(name, default, meaning)
            case ast.keyword(arg="roles", value=ast.List(elts=roles)):
                for role in map(_text, roles):
                    yield Variable(f"{role.upper()}_TOKEN", SECRET, TOKEN.format(role=role))


def _text(node: ast.expr) -> str:
    """The string that it is; empty if it is none."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _default(reader: str, given: list[ast.expr]) -> str:
    if reader in SECRETS:
        return SECRET
    match given[:1]:
        case [ast.Constant(value=bool() as value)]:
            return "on" if value else "off"
        case [ast.Constant(value=str() | int() | float() as value)] if value != "":
            return f"`{value}`"
        case [ast.List(elts=items)] if items:
            return ", ".join(f"`{_text(item)}`" for item in items)
        case [ast.IfExp(body=ast.Constant(value=float() as local), orelse=ast.Constant(value=float() as production))]:
            return f"`{local:g}` locally, `{production:g}` in production"
        case [ast.Compare()]:
            return "on locally, off in production"
    return ""


def _comment(lines: list[str], number: int, name: str) -> str:
    """The comment above the line with that number."""
    comment: list[str] = []
    while (line := lines[number - 2 - len(comment)].strip()).startswith("# "):
        comment.insert(0, line[2:])
    if not comment:
        raise ValueError(f"Say in a comment above line {number} what {name} is.")
    return " ".join(comment).replace("|", "\\|")
