"""`subscribe`, `unsubscribe` and `subscriptions`: which service gets which events, for services written elsewhere."""

from __future__ import annotations

import argparse
import http.client
import json
import re
from typing import Any

from launcher import terminal
from launcher.context import Context
from launcher.project import Problem
from launcher.run import roles

PATIENCE = 10.0  # seconds for one answer
BUS = "eventbus"
NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")


def add_commands(commands: Any) -> None:
    """The three commands and their options."""
    one = commands.add_parser("subscribe", help="have the event bus deliver events to a service of yours")
    one.add_argument("name", metavar="NAME", type=_name, help="what the bus calls it; known already: it is changed")
    one.add_argument("url", metavar="URL", help="where it takes events, such as http://localhost:4003/events")
    one.add_argument("--types", metavar="A,B", type=_types, required=True, help="the events that it gets")
    formats = "one plain JSON event per request, or batches with an answer for each event (default: single)"
    one.add_argument("--format", choices=("single", "batch"), default="single", help=formats)
    catching_up = "who brings what it missed: the bus, or it reads GET /events when it starts (default: bus)"
    one.add_argument("--catch-up", choices=("bus", "self"), default="bus", help=catching_up)
    gone = commands.add_parser("unsubscribe", help="deliver nothing more to a service of yours")
    gone.add_argument("name", metavar="NAME", type=_name)
    known = commands.add_parser("subscriptions", help="who gets which events, and how far each is")
    known.add_argument("--json", action="store_true", help="for programs: what the bus answers")


def subscribe(context: Context, options: argparse.Namespace) -> int:
    order = {"url": options.url, "types": options.types, "format": options.format, "catchUp": options.catch_up}
    _call(context, "PUT", f"/bus/subscriptions/{options.name}", order)
    terminal.done(options.name, f"gets {', '.join(options.types)} at {options.url}")
    declared = {contract["type"] for contract in _call(context, "GET", "/bus/contracts")}
    for unknown in sorted(set(options.types) - declared):
        terminal.say(f"  No contract declares {unknown}: it comes only if a foreign service publishes it.")
    if not context.environ.get("EVENTS_ALLOW_UNSIGNED"):
        terminal.say("  The bus refuses what an unsigned service publishes: EVENTS_ALLOW_UNSIGNED=1 lets it.")
    return 0


def unsubscribe(context: Context, name: str) -> int:
    _call(context, "DELETE", f"/bus/subscriptions/{name}")
    terminal.done(name, "gets nothing more")
    return 0


def subscriptions(context: Context, as_json: bool) -> int:
    found = _call(context, "GET", "/bus/subscriptions")
    if as_json:
        terminal.say(json.dumps(found))
    elif not found:
        terminal.say("  Nobody is subscribed.")
    else:
        terminal.table([_row(one) for one in found])
    return 0


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    behind = f"{one['lag']} behind" + (f": {one['lastError']}" if one["lastError"] else "")
    return one["name"], one["state"], one["url"], one["format"], ",".join(one["types"]), behind


def _call(context: Context, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """The bus's answer to the operator. Raises a Problem for anything but a 2xx."""
    port = context.project.service(BUS).port
    token = context.given_token("operator") or context.local_token("operator")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        said = answer.read()
    except (OSError, http.client.HTTPException) as error:
        why = f"The event bus does not answer on port {port} ({type(error).__name__})."
        raise Problem(why, f"{context.command} up --detach") from error
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise _refusal(context, answer.status, said)
    return json.loads(said) if said else None


def _refusal(context: Context, status: int, said: bytes) -> Problem:
    try:
        problem = json.loads(said)
        fields = "; ".join(f"{error['field']}: {error['detail']}" for error in problem.get("errors", []))
        why = fields or problem["detail"]
    except (ValueError, LookupError, TypeError, AttributeError):
        return Problem(f"What answers on the event bus's port is no Blogbus event bus (it answered {status}).")
    host = re.search(r"(\S+) is not on the bus's allow-list", why)
    cure = f"EVENTBUS_ALLOWED_HOSTS={host[1]} {context.command} restart {BUS}   (then again)" if host else ""
    return Problem(f"The event bus refused ({status}): {why}", cure)


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise argparse.ArgumentTypeError("a name is a lower-case letter, then letters, digits, - or _; 64 at most")
    return text


def _types(text: str) -> list[str]:
    found = [name.strip() for name in text.split(",") if name.strip()]
    if not found:
        raise argparse.ArgumentTypeError("name at least one event, such as CommentCreated")
    return found
