"""`up` in the foreground: shows the logs, reports crashes, and stops everything when it ends."""

from __future__ import annotations

import os
import time

from launcher import terminal
from launcher.context import Context, is_free
from launcher.run import fleet, logs, processes
from launcher.run.processes import Record

TICK = 0.2  # seconds


def until_stopped(context: Context) -> int:
    """Return when nothing runs any more. A closed terminal stops everything too."""
    try:
        if _watch(context):
            terminal.say("\n  Stopping.")
        else:
            terminal.say("\n  Everything was stopped from another terminal.")
            return 0
    except OSError:
        _go_silent()
    with context.changing(stubborn=True):
        try:
            fleet.stop(context.project, context.project.services, context.interrupts)
        except OSError:
            _go_silent()
            fleet.stop(context.project, context.project.services, context.interrupts)
    return 0


def _watch(context: Context) -> bool:
    """True when asked to stop, False when everything was stopped from elsewhere."""
    project = context.project
    follower = logs.Follower({name: project.log(name) for name in project.names})
    prefixes = logs.Prefixes(project)
    known = fleet.running(project)
    while not context.interrupts.asked:
        for name, line in follower.new_lines():
            prefixes.say(name, line)
        for name in project.names:
            news = _news(context, name, known)
            if news:
                prefixes.say(name, terminal.bold(news))
        if not any(processes.read(project.run_dir, name) for name in project.names) and is_free(context.lock):
            return False
        time.sleep(TICK)
    return True


def _news(context: Context, name: str, known: dict[str, Record]) -> str:
    """What happened to the service since the last check, or empty."""
    run_dir = context.project.run_dir
    before, now = known.get(name), processes.read(run_dir, name)
    if now and now.alive:
        known[name] = now
        return "" if before and before.pid == now.pid else f"started, pid {now.pid}"
    if before is None or before.alive:
        return ""
    # Read it again: `stop` in another terminal may have begun meanwhile.
    now = processes.read(run_dir, name)
    del known[name]
    if now is None or now.stopping or now.pid != before.pid:
        return "stopped"
    processes.kill_group(before)
    how = fleet.ending(processes.exit_status(before))
    return f"died ({how}); the other services continue. Start it again: {context.command} start {name}"


def _go_silent() -> None:
    """The terminal is closed: continue without output."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
