"""What goes wrong beside the requests: processes, databases, disks, clocks, events that can't be applied."""

from tools.all_services import SERVICES
from tools.simulation.story import CONSUMERS, Story

HOUR = 3600.0
COUNTER = 2**32 / 1000
"""seconds in which a 32-bit counter of milliseconds starts over: 49.7 days"""


def stop_a_service(story: Story) -> None:
    service = story.random.choice(SERVICES[1:])
    story.world.fault("service absent", service)
    story.town.crash(service)


def stop_the_bus(story: Story) -> None:
    story.world.fault("bus absent", "with a log in memory, its history is lost")
    story.town.crash("eventbus")


def lose_the_read_model(story: Story) -> None:
    story.world.fault("database lost", "query")
    story.world.places["query"].lose_database()


def lose_the_verdicts(story: Story) -> None:
    """What comments already goes by is promised to come back; what it has not heard is gone."""
    story.world.fault("database lost", "moderation")
    last, heard = story.last_verdicts(), story.applied_verdicts()
    story.decisions = {comment: said for comment, said in story.decisions.items() if last.get(comment) in heard}
    story.forget_unheard_removals()
    story.recounted.add("moderation")
    story.world.places["moderation"].lose_database()


def fill_a_disk(story: Story) -> None:
    service = story.random.choice(SERVICES)
    story.world.fault("database full", service)
    story.town.fill(service, story.random.uniform(0.5, 5))


def set_a_clock(story: Story) -> None:
    service, seconds = story.random.choice(SERVICES), story.random.uniform(-120, 120)
    story.world.fault("clock skew", f"{service} by {seconds:.0f} s")
    story.world.skew[service] = seconds


def jump_all_clocks(story: Story) -> None:
    """The machine's clock is set, and stays so."""
    seconds = story.random.choice((-COUNTER, -HOUR, HOUR, COUNTER))
    story.world.fault("clock jump", f"all by {seconds:.0f} s")
    story.world.wall += seconds


def jump_a_clock(story: Story) -> None:
    """One machine's clock is far off for a while: nobody trusts its signatures, nor it theirs."""
    service, seconds = story.random.choice(SERVICES), story.random.choice((-COUNTER, -HOUR, HOUR, COUNTER))
    story.world.fault("clock jump", f"{service} by {seconds:.0f} s")
    story.world.skew[service] = seconds
    story.world.at(story.random.uniform(1, 8), lambda: story.world.skew.update({service: 0.0}))


def poison(story: Story) -> None:
    if subjects := story.posts + story.comments:
        service, subject = story.random.choice(CONSUMERS), story.random.choice(subjects)
        story.world.fault("poison", f"{service} can't apply {story.name(subject)}")
        story.town.poisoned.add((service, subject))


def deadly(story: Story) -> None:
    """An event that ends the process of its subscriber, as one that needs too much memory does."""
    if subjects := story.posts + story.comments:
        service, subject = story.random.choice(CONSUMERS), story.random.choice(subjects)
        story.world.fault("deadly event", f"{service} ends at {story.name(subject)}")
        story.town.deadly.add((service, subject))


def roll_back(story: Story) -> None:
    """A service goes back to a release that lacks a handler, and forward again."""
    service = story.random.choice(CONSUMERS)
    if lacking := story.town.roll_back(service):
        story.world.fault("rollback", f"{service} does not handle {lacking}")
        story.world.at(story.random.uniform(1, 10), lambda: story.town.roll_forward(service))


def second_replica(story: Story) -> None:
    service = story.random.choice(SERVICES)
    if story.town.replicas(service) == 1:
        story.world.fault("second replica", service)
        story.town.start(service, replica=2)
