"""One run: a story under faults, then quiet, then the promises are checked."""

import gc
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any
from unittest.mock import patch

from django.conf import settings

from svc_chassis.events.event import CloudEvent, Event
from svc_chassis.inbox.handlers import Handler
from tools.all_services import SERVICES
from tools.simulation import checker
from tools.simulation.actions import ACTIONS
from tools.simulation.operators import retry_dead_letters
from tools.simulation.outcome import Outcome
from tools.simulation.places import Crash, Databases, prepare
from tools.simulation.sabotage import without
from tools.simulation.story import Story
from tools.simulation.town import WIDE, Memory, Town
from tools.simulation.world import World

FAULTY = 0.15
"""the share of requests that fare badly, while faults are on"""
QUIET_WITHIN = 400.0
"""seconds of virtual time in which all must come to rest once faults stop: several verdicts on a comment that a restore
lost become dead letters one after the other"""
DEADLY_WITHIN = 1200.0
"""the same, while events end their subscribers: each attempt waits for a restart, and a second history ten minutes"""
MEMORIES = (Memory(24 * 1024, 10), Memory(96 * 1024, 40), WIDE, WIDE)
"""small ones overflow within a run"""

_databases: list[Databases] = []


def simulate(seed: int, actions: int, mechanism: str | None = None) -> Outcome:
    """The run of `seed`; the same seed gives the same trace. `mechanism` is switched off."""
    logging.disable(logging.CRITICAL)
    if not _databases:
        _databases.append(prepare())
    gc.collect()
    gc.disable()  # Django's short-lived cycles cost more to look for than to keep until the run ends
    world = World(_databases[0], seed)
    with world.alone(), without(mechanism):
        town = Town(world, world.random.choice(MEMORIES))
        story = Story(town, ACTIONS)
        try:
            with _poison(town):
                found = [*_live(story, actions), *world.violations]
        except Exception:
            world.say(traceback.format_exc())
            found = [*world.violations, f"the run ended with an error: {traceback.format_exc(limit=-1)}"]
        finally:
            town.close()
    return Outcome(seed, actions, world.faults, found, world.hash(), world.trace)


def _live(story: Story, actions: int) -> Iterator[str]:
    world, town = story.world, story.town
    world.run_for(2)
    town.rate = FAULTY
    for _ in range(actions):
        story.act()
    _stop_faults(story)
    # What can't be applied must delay nothing else: all other subjects come to rest first.
    stuck = _rest(story, lambda: checker.pending(story, town.poisoned | town.deadly))
    yield from (f"{what}, though nothing stands in its way" for what in stuck)
    town.poisoned.clear()
    town.deadly.clear()
    world.say("what could not be applied can be, from now on")
    _rest(story, lambda: checker.pending(story))
    yield from checker.violations(story)


def _stop_faults(story: Story) -> None:
    world, town = story.world, story.town
    world.say("faults stop")
    town.rate = 0.0
    world.skew.update(dict.fromkeys(world.skew, 0.0))
    for service in SERVICES:
        town.roll_forward(service)
    for place in world.places.values():
        place.fault = None
    world.run_for(2)


def _rest(story: Story, pending: Callable[[], Iterator[str]]) -> list[str]:
    """Go on until nothing is pending; what still is in the end."""
    world = story.world
    end = world.now + (DEADLY_WITHIN if story.town.deadly else QUIET_WITHIN)
    while found := list(islice(pending(), 3)):
        if world.now > end:
            return found
        world.run_for(2)
        retry_dead_letters(story)
    return []


@contextmanager
def _poison(town: Town) -> Iterator[None]:
    """Handlers fail on the subjects that the town calls poisoned."""
    real = Handler.read

    def read(self: Handler, envelope: CloudEvent) -> Event[Any]:
        its = settings.SERVICE_NAME, envelope.subject
        if its in town.deadly:
            raise Crash
        if its in town.poisoned:
            raise RuntimeError("poisoned")
        return real(self, envelope)

    with patch.object(Handler, "read", read):
        yield
