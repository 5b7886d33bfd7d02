"""`subscribe`, `unsubscribe` and `subscriptions`: for services that are not part of this repository."""

from __future__ import annotations

import argparse
import http.client
import json
import re
from typing import Any

from launcher import terminal
from launcher.context import Context
from launcher.project import Problem
from launcher.run.http_call import call

BUS = "eventbus"
NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")


def add_commands(commands: Any) -> None:
    """The three commands and their options."""
    one = commands.add_parser("subscribe", help="deliver events to a service of yours")
    one.add_argument("name", metavar="NAME", type=_name, help="name of the subscription; an existing one is changed")
    one.add_argument("url", metavar="URL", help="where it receives events, such as http://localhost:4003/events")
    one.add_argument("--types", metavar="A,B", type=_types, required=True, help="types of events to deliver")
    formats = "one JSON event per request, or batches with a result for each event (default: single)"
    one.add_argument("--format", choices=("single", "batch"), default="single", help=formats)
    catching_up = "how it gets missed events: the bus delivers them, or it reads GET /events itself (default: bus)"
    one.add_argument("--catch-up", choices=("bus", "self"), default="bus", help=catching_up)
    gone = commands.add_parser("unsubscribe", help="stop delivering to a service of yours")
    gone.add_argument("name", metavar="NAME", type=_name)
    known = commands.add_parser("subscriptions", help="list subscriptions and their lag")
    known.add_argument("--json", action="store_true", help="print the JSON of the bus")


def subscribe(context: Context, options: argparse.Namespace) -> int:
    wanted = {"url": options.url, "types": options.types, "format": options.format, "catchUp": options.catch_up}
    _call(context, "PUT", f"/bus/subscriptions/{options.name}", wanted)
    terminal.done(options.name, f"receives {', '.join(options.types)} at {options.url}")
    declared = {contract["type"] for contract in _call(context, "GET", "/bus/contracts")}
    for unknown in sorted(set(options.types) - declared):
        terminal.say(f"  No contract declares {unknown}: only a foreign service can publish it.")
    if not context.environ.get("EVENTS_ALLOW_UNSIGNED"):
        terminal.say("  The bus accepts unsigned publishes only with EVENTS_ALLOW_UNSIGNED=1.")
    return 0


def unsubscribe(context: Context, name: str) -> int:
    _call(context, "DELETE", f"/bus/subscriptions/{name}")
    terminal.done(name, "unsubscribed")
    return 0


def subscriptions(context: Context, as_json: bool) -> int:
    found = _call(context, "GET", "/bus/subscriptions")
    if as_json:
        terminal.say(json.dumps(found))
    elif not found:
        terminal.say("  There are no subscriptions.")
    else:
        terminal.table([_row(one) for one in found])
    return 0


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    behind = f"{one['lag']} behind" + (f": {one['lastError']}" if one["lastError"] else "")
    return one["name"], one["state"], one["url"], one["format"], ",".join(one["types"]), behind


def _call(context: Context, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """The JSON answer of the bus to the operator. Raises Problem for anything but a 2xx."""
    port = context.project.service(BUS).port
    token = context.given_token("operator") or context.local_token("operator")
    content = None if body is None else json.dumps(body).encode()
    try:
        answer = call(port, method, path, content, {"Authorization": f"Bearer {token}"})
    except (OSError, http.client.HTTPException) as error:
        why = f"The event bus does not answer on port {port} ({type(error).__name__})."
        raise Problem(why, f"{context.command} up --detach") from error
    if not answer.ok:
        raise _refusal(context, answer.status, answer.body)
    return json.loads(answer.body) if answer.body else None


def _refusal(context: Context, status: int, said: bytes) -> Problem:
    try:
        problem = json.loads(said)
        fields = "; ".join(f"{error['field']}: {error['detail']}" for error in problem.get("errors", []))
        why = fields or problem["detail"]
    except (ValueError, LookupError, TypeError, AttributeError):
        return Problem(f"The program on the event bus's port is not a Blogbus event bus (it answered {status}).")
    host = re.search(r"(\S+) is not on the bus's allow-list", why)
    cure = f"EVENTBUS_ALLOWED_HOSTS={host[1]} {context.command} restart {BUS}   (then again)" if host else ""
    return Problem(f"The event bus answered {status}: {why}", cure)


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise argparse.ArgumentTypeError("use a lower-case letter, then at most 63 lower-case letters, digits, - or _")
    return text


def _types(text: str) -> list[str]:
    found = [name.strip() for name in text.split(",") if name.strip()]
    if not found:
        raise argparse.ArgumentTypeError("give at least one type, such as CommentCreated")
    return found
