"""What operators do: replay, pause, rebuild, discard."""

from contextlib import nullcontext

from django.core.management import call_command
from django.db import OperationalError

from tools.simulation.places import Crash
from tools.simulation.story import CONSUMERS, Story

LOST = "lost in a restore"
"""in the error of a verdict on a comment that the restored database does not have"""


def replay(story: Story) -> None:
    name, start = story.random.choice(CONSUMERS), story.random.choice(("beginning", story.town.position()))
    story.world.fault("replay", f"{name} from {start}")
    story.operate(f"subscriptions/{name}/replay", {"from": start})


def pause(story: Story) -> None:
    name = story.random.choice(CONSUMERS)
    if story.operate(f"subscriptions/{name}/pause") == 200:
        story.world.fault("pause", name)
        story.world.at(story.random.uniform(1, 6), lambda: story.resume(name))


def rebuild_the_read_model(story: Story) -> None:
    story.world.fault("rebuild", "query")
    dies = story.town.crash_within("query") if story.random.random() < 0.3 else nullcontext()
    try:
        with story.world.places["query"].here(), dies:
            call_command("rebuild", verbosity=0)
    except (Crash, OperationalError) as error:
        story.world.say(f"the rebuild ended with {type(error).__name__}")


def discard_a_dead_letter(story: Story) -> None:
    if letters := story.dead_letters():
        letter = story.random.choice(letters)
        if story.operate(f"dead-letters/{letter.pk}/discard") == 200:
            what = f"{letter.lane.subscription_id} does without {letter.type} {story.name(letter.subject)}"
            story.world.fault("discard", what)


def retry_dead_letters(story: Story) -> None:
    for letter in story.dead_letters():
        if (letter.lane.subscription_id, letter.subject) in story.town.deadly:
            continue  # it would end the service again and again
        # A verdict on a comment that a restore lost has nobody to apply to.
        story.operate(f"dead-letters/{letter.pk}/{'discard' if LOST in letter.error else 'retry'}")
