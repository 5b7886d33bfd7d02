"""The commands and their options."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from launcher import context, project, terminal
from launcher.arguments import Parser, counts_of, folder, list_of, meant, one_of, tuple_of, whole
from launcher.make import images, keys, seed, service
from launcher.project import Interrupted, Problem
from launcher.quality import runner, suites
from launcher.run import backup, control, restore, subscriptions, up
from launcher.run.engines import ENGINES

ROOT = Path(getattr(sys.modules["__main__"], "__file__", None) or ".").resolve().parent
EXAMPLES = """examples:
  python3 manage_all.py up                     install, build, start, and show the logs until Ctrl-C
  python3 manage_all.py up --detach            the same in the background
  python3 manage_all.py stop moderation        from another terminal: the others continue without it
  python3 manage_all.py start moderation       it catches up
  EVENTS_ALLOW_UNSIGNED=1 python3 manage_all.py up --without moderation
                                               with a setting of the services
"""

LAST_LINES = 20
"""of each log, if nobody says how many"""


def main(argv: Sequence[str]) -> int:
    """Runs one command; a problem is printed with its cure, without a traceback."""
    terminal.use_any_encoding()
    known = parser(ROOT)
    if argv and not argv[0].startswith("-") and argv[0] not in (names := commands_of(known)):
        known.error(f"there is no command {argv[0]!r}; --help lists all{meant(argv[0], names)}")
    options, rest = known.parse_known_args(argv)
    if rest and options.command not in ("simulate", "bench"):
        known.refuse(rest[0])
    if options.command == "logs" and options.chain and options.lines:
        known.error("argument -n/--lines: not allowed with argument --chain")
    if not options.command:
        known.print_help()
        return 2
    try:
        return _run(options, rest)
    except Problem as problem:
        terminal.complain(problem.what, problem.cure)
        return 1
    except Interrupted:
        terminal.say("\n  Interrupted. Nothing that this command started was left behind.")
        return 130
    except BrokenPipeError:
        return 141


def commands_of(known: argparse.ArgumentParser) -> list[str]:
    """The names of all commands."""
    return [name for action in known._actions if isinstance(action.choices, dict) for name in action.choices]


def _run(options: argparse.Namespace, rest: list[str]) -> int:
    if options.command == "up":
        wish = context.of_new_up(
            ROOT, options.port_base, options.reload, project.Shape(options.engine, options.replicas)
        )
        return up.up(wish, options.without, options.detach, not options.no_open)
    found = context.of_last_up(ROOT)
    # What does not run anything of the last `up` knows no engines and no replicas.
    plain = replace(found, project=project.load(ROOT, found.project.port_base))
    commands = {
        "down": lambda: control.down(found),
        "status": lambda: control.status(found, options.json),
        "logs": lambda: control.show_logs(
            found, options.services, options.follow, options.lines or LAST_LINES, options.chain
        ),
        "start": lambda: control.start(found, options.services),
        "stop": lambda: control.stop(found, options.services),
        "restart": lambda: control.restart(found, options.services),
        "token": lambda: control.token(found, options.role),
        "test": lambda: runner.test(plain, options.what, options.strict),
        "check": lambda: runner.check(plain, options.what, options.strict),
        "simulate": lambda: runner.become(plain, "tools.simulation", rest),
        "bench": lambda: runner.become(plain, "benchmarks", rest, with_peer=True),
        "catalogue": lambda: runner.become(plain, "tools.catalogue"),
        "seed": lambda: seed.seed(found, options.posts, options.comments),
        "subscribe": lambda: subscriptions.subscribe(found, options),
        "unsubscribe": lambda: subscriptions.unsubscribe(found, options.name),
        "subscriptions": lambda: subscriptions.subscriptions(found, options.json),
        "images": lambda: images.images(plain, options.tag),
        "keys": lambda: keys.keys(plain, options.add, options.drop),
        "backup": lambda: backup.backup(found, options.folder),
        "restore": lambda: restore.restore(found, options.folder, options.only),
        "reset": lambda: control.reset(found, options.yes),
        "new-service": lambda: service.new_service(plain, options.name, options.handles),
    }
    return commands[options.command]()


def parser(root: Path) -> Parser:
    """All commands and their options, for the services of this checkout."""
    names = project.names_in(root)
    processes = one_of([*names, *ENGINES], replicas=True)
    raw = argparse.RawDescriptionHelpFormatter
    about = "Starts, watches and tests Blogbus on one machine."
    door = Parser(prog="manage_all.py", description=about, epilog=EXAMPLES, formatter_class=raw, is_complete=False)
    commands = door.add_subparsers(dest="command", metavar="COMMAND")
    _add_up(commands.add_parser("up", help="install what is missing, start everything, show the logs"), names)
    commands.add_parser("down", help="stop everything; data stays")
    status = commands.add_parser("status", help="show what runs, and whether it is ready")
    status.add_argument("--json", action="store_true", help="print JSON")
    logs = commands.add_parser("logs", help="show the logs of the services")
    logs.add_argument("services", nargs="*", metavar="SERVICE", type=processes, help="default: all")
    either = logs.add_mutually_exclusive_group()
    either.add_argument("-f", "--follow", action="store_true", help="continue with new lines")
    what = "all lines about one chain of events, in order of time; of an event, a comment or a post: its chains"
    either.add_argument("--chain", metavar="ID", default="", help=what)
    logs.add_argument("-n", "--lines", type=whole, help=f"last lines of each (default {LAST_LINES})")
    for verb, what in {"start": "start", "stop": "stop", "restart": "stop and start"}.items():
        one = commands.add_parser(verb, help=f"{what} services, engines or replicas of the running system")
        which = f"of {', '.join(names)}; an engine that runs ({', '.join(ENGINES)}); or one replica, such as query-2"
        one.add_argument("services", nargs="+", metavar="SERVICE", type=processes, help=which)
    token = commands.add_parser("token", help="print the local token of a role")
    token.add_argument("role", choices=("operator", "moderator"))
    found = project.load(root, project.DEFAULT_PORT_BASE)
    tests = [suite.name for suite in suites.tests(found, Path())]
    _add_suites(commands.add_parser("test", help="run the tests"), tests)
    _add_suites(
        commands.add_parser("check", help="run linters, type checks and import rules"),
        [s.name for s in suites.checks(found)],
    )
    theirs: Any = {"add_help": False, "is_complete": False}  # their options are their own
    commands.add_parser("simulate", help="run all services in one process under random faults", **theirs)
    commands.add_parser("bench", help="measure it beside an Express build of the same blog", **theirs)
    commands.add_parser("catalogue", help="generate docs/events.md, docs/asyncapi.yaml and docs/settings.md")
    seeding = commands.add_parser("seed", help="create a few posts and comments")
    seeding.add_argument("--posts", metavar="N", type=whole, default=0, help="and N plain posts")
    seeding.add_argument("--comments", metavar="N", type=whole, default=0, help="and N plain comments on one post")
    subscriptions.add_commands(commands)
    _add_backups(commands, [service.name for service in found.backends])
    what = "stop everything and delete the data; keys and tokens stay"
    limit = "Deletes local files only: it refuses while any <SERVICE>_DATABASE_URL is set."
    reset = commands.add_parser("reset", help=what, description=f"{what.capitalize()}. {limit}")
    reset.add_argument("--yes", action="store_true", help="actually delete; without this, only list")
    building = commands.add_parser("images", help="build the container images")
    building.add_argument("--tag", default="dev", help="their tag (default: dev)")
    secrets = commands.add_parser("keys", help="create missing secrets of a cluster, or rotate one")
    signers = [service.name for service in found.backends]
    secrets.add_argument("--add", metavar="SERVICE", type=one_of(signers), help="add a second signing key")
    secrets.add_argument("--drop", metavar="SERVICE", type=one_of(signers), help="remove all but its newest key")
    new = commands.add_parser("new-service", help="create one more service, ready to run")
    _add_new_service(new, service.events_in(root))
    return door


def _add_backups(commands: Any, names: list[str]) -> None:
    making = commands.add_parser("backup", help="copy the databases of all services while they run")
    making.add_argument("folder", metavar="DIR", type=folder, help="a new or empty folder")
    putting = commands.add_parser("restore", help="restore a backup; stops and starts the restored services")
    putting.add_argument("folder", metavar="DIR", type=folder)
    only = f"restore only these, of {', '.join(names)}; default: all"
    putting.add_argument("--only", metavar="A,B", type=list_of(names), default=[], help=only)


def _add_new_service(new: argparse.ArgumentParser, events: list[str]) -> None:
    new.add_argument(
        "name", metavar="NAME", help="lower case, such as posts: name of the package, in URLs and in commands"
    )
    new.add_argument("--handles", metavar="EVENT", type=one_of(events), default="PostCreated", help=", ".join(events))


def _add_up(up: argparse.ArgumentParser, names: list[str]) -> None:
    up.add_argument("--detach", action="store_true", help="return once everything is ready")
    up.add_argument("--no-open", action="store_true", help="do not open the browser")
    up.add_argument("--without", metavar="A,B", type=list_of(names), default=[], help="do not start these services")
    up.add_argument("--port-base", metavar="N", type=int, help="posts on N, comments on N+1, … frontend on N-1000")
    servers = f"keep the data in these servers, and start them: {', '.join(ENGINES)}"
    up.add_argument("--engine", metavar="A,B", type=tuple_of(list(ENGINES)), default=(), help=servers)
    several = "start several processes of a service, as in eventbus=3,query=2"
    up.add_argument("--replicas", metavar="A=N", type=counts_of(names), default=(), help=several)
    up.add_argument("--reload", action="store_true", help="restart services when their code changes")


def _add_suites(parser: argparse.ArgumentParser, names: list[str]) -> None:
    parser.add_argument("what", nargs="*", metavar="WHAT", type=one_of(names), help=f"of {', '.join(names)}; or all")
    parser.add_argument("--strict", action="store_true", help="fail if a suite cannot run here (default with CI=true)")
