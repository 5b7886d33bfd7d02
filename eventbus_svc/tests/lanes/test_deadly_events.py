"""An event that ends its subscriber is found, in rows, and parks its subject. A subscriber that is merely away,
restarted or cut off loses nothing, and no event is blamed for it."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from samples import Clock, comment, end_of_log
from subscriber import Subscriber

from eventbus.delivery import catch_up, parking
from eventbus.delivery.dead_letters import retry
from eventbus.delivery.lane import IDLE, LaneSteps
from eventbus.delivery.parking import ATTEMPTS
from eventbus.delivery.suspicion import ALONE, NO_ANSWER
from eventbus.inspection.states import TRIED
from eventbus.log.position import beginning, end
from eventbus.models import Lane, Parked, Subscription
from eventbus.subscriptions import rewind
from svc_chassis.runtime.http_client import Answer, HttpTransport, NoAnswer, Unreachable
from svc_chassis.testing.http_server import Reply


class Mortal:
    """The way to a subscriber that ends when it takes one of the `deadly`, and is back `restarts` requests later."""

    def __init__(self, *deadly: str, restarts: int = 2) -> None:
        self.deadly = set(deadly)
        self.restarts = restarts
        self.ended: list[list[str]] = []
        """the deliveries that ended it"""
        self.interrupt: Callable[[list[str]], bool] = lambda ids: False
        """whether it is restarted while it takes these, whatever they are"""
        self.silent = False
        """it takes everything, and no answer comes back"""
        self.and_the_bus: Callable[[], None] = lambda: None
        self._away = 0
        self._inner = HttpTransport()

    def request(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        said = orjson.loads(body) if body else []
        ids = [event["id"] for event in (said if isinstance(said, list) else [said])]
        if self._away:
            self._away -= 1
            raise Unreachable("connection refused")
        if self.deadly & set(ids):
            self.ended.append(ids)
        if self.deadly & set(ids) or (ids and self.interrupt(ids)):
            self._away = self.restarts
            self.and_the_bus()
            raise NoAnswer("connection reset")
        answer = self._inner.request(method, url, body, headers)
        if self.silent:
            raise NoAnswer("no answer within 20 s")
        return answer

    def close(self) -> None:
        self._inner.close()


@pytest.fixture
def mortal() -> Any:
    transport = Mortal()
    yield transport
    transport.close()


def live(lane: LaneSteps, clock: Clock, over: Callable[[], bool], steps: int = 600) -> None:
    """Step, with time passing, until `over`."""
    for _ in range(steps):
        if over():
            return
        clock.advance(lane.step() or 0.01)
    raise AssertionError("It did not come to be.")


def at_rest() -> bool:
    """Nothing is left to be tried: all is settled, a dead letter, or waits behind one."""
    waiting = Parked.objects.filter(TRIED, dead=False)
    return Lane.objects.get().cursor == end_of_log() and not waiting.exists()


@pytest.mark.parametrize("place", [0, 1, 7, 14, 15])
def test_a_deadly_event_parks_its_subject_and_all_others_go_on(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, mortal: Mortal, place: int
) -> None:
    lane = make_lane(transport=mortal)
    ids = put(*[comment(f"c{n}") for n in range(16)], comment(f"c{place}"))
    mortal.deadly = {ids[place]}

    live(lane, clock, at_rest)

    head, behind = Parked.objects.order_by("offset")
    assert sorted(sub.ids) == sorted(set(ids[:16]) - {ids[place]})
    assert (head.event_id, head.dead, head.attempts) == (ids[place], True, ATTEMPTS)
    assert head.error == NO_ANSWER
    assert (behind.event_id, behind.dead, behind.attempts) == (ids[16], False, 0)
    assert len(mortal.ended) <= 5 + ALONE + ATTEMPTS


def test_others_go_on_while_it_is_tried_again(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, mortal: Mortal
) -> None:
    lane = make_lane(transport=mortal)
    [deadly] = put(comment("bad"))
    mortal.deadly = {deadly}
    live(lane, clock, lambda: Parked.objects.filter(attempts=2).exists())

    ids = put(*[comment(f"c{n}") for n in range(100)])
    ended = len(mortal.ended)
    live(lane, clock, lambda: len(sub.ids) == 100)

    assert sub.ids == ids
    assert len(mortal.ended) <= ended + 1
    assert not Parked.objects.get().dead


def test_two_deadly_events_are_both_found(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, mortal: Mortal
) -> None:
    lane = make_lane(transport=mortal)
    ids = put(*[comment(f"c{n}") for n in range(40)])
    mortal.deadly = {ids[11], ids[12]}

    live(lane, clock, at_rest, 2000)

    assert sorted(sub.ids) == sorted(ids[:11] + ids[13:])
    assert list(Parked.objects.order_by("offset").values_list("event_id", "dead")) == [
        (ids[11], True),
        (ids[12], True),
    ]


def test_once_mended_it_is_applied_in_order(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, mortal: Mortal
) -> None:
    lane = make_lane(transport=mortal)
    ids = put(*[comment("c1") for _ in range(3)])
    mortal.deadly = {ids[0]}
    live(lane, clock, at_rest)
    mortal.deadly = set()

    retry(letters=Parked.objects.filter(dead=True))
    live(lane, clock, lambda: not Parked.objects.exists())

    assert sub.ids == ids
    row = Lane.objects.get()
    assert (row.suspect_through, row.suspect_most) == (None, None)


def test_a_retry_by_a_person_is_one_delivery(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, mortal: Mortal
) -> None:
    lane = make_lane(transport=mortal)
    [deadly] = put(comment())
    mortal.deadly = {deadly}
    live(lane, clock, at_rest)
    ended = len(mortal.ended)

    retry(letters=Parked.objects.filter(dead=True))
    live(lane, clock, lambda: Parked.objects.get().dead)

    assert len(mortal.ended) == ended + 1


@pytest.mark.parametrize("kind", ["batch", "single"])
def test_the_bus_may_end_together_with_its_subscriber(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, mortal: Mortal, kind: str
) -> None:
    """Each delivery of the event ends both: what is known of it is in rows before the delivery."""

    class BusEnds(BaseException):
        pass

    def end_bus() -> None:
        raise BusEnds

    mortal.and_the_bus = end_bus
    lane = make_lane(transport=mortal, format=kind)
    ids = put(*[comment(f"c{n}") for n in range(10)])
    mortal.deadly = {ids[4]}

    for _ in range(3000):
        try:
            clock.advance(lane.step() or 0.01)
        except BusEnds:
            lane = make_lane(f"replica {len(mortal.ended)}", transport=mortal)
            clock.advance(30)
        if Parked.objects.filter(dead=True).exists() and Lane.objects.get().cursor == end_of_log():
            break
    else:
        raise AssertionError("It is not found.")

    assert sorted(sub.ids) == sorted(ids[:4] + ids[5:])
    assert Parked.objects.get().event_id == ids[4]
    assert len(mortal.ended) <= 5 + ALONE + ATTEMPTS


def test_a_subscriber_that_is_away_for_days_gets_no_dead_letters(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, mortal: Mortal, drain: Any
) -> None:
    lane = make_lane(transport=mortal)
    ids = put(*[comment(f"c{n}") for n in range(5)])
    mortal._away = 300
    for n in range(300):
        if n % 100 == 50:
            lane.stop()
            lane = make_lane(f"replica {n}", transport=mortal)
        clock.advance(lane.step())
        assert Parked.objects.count() == 0

    live(lane, clock, lambda: len(sub.ids) == 5)
    assert sub.ids == ids


@pytest.mark.parametrize("parked", [False, True])
def test_a_network_that_loses_the_answers_blames_no_event(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, mortal: Mortal, parked: bool
) -> None:
    """Connections are taken, what is sent arrives, and nothing comes back."""
    lane = make_lane(transport=mortal)
    sub.fails = lambda event: parked and event["subject"] == "c0" and not mortal.silent
    ids = put(*[comment(f"c{n}") for n in range(5)])
    if parked:
        lane.step()
    mortal.silent = True
    for _ in range(200):
        clock.advance(lane.step())
    attempts = list(Parked.objects.values_list("attempts", "dead"))
    assert attempts == ([(1, False)] if parked else [])

    mortal.silent, sub.fails = False, lambda event: False
    live(lane, clock, at_rest)
    live(lane, clock, lambda: not Parked.objects.exists())
    assert sorted(sub.ids) == sorted(ids)


@pytest.mark.parametrize("status", [502, 504])
def test_behind_a_gateway_its_answer_for_a_subscriber_that_ended_counts_as_none(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, status: int
) -> None:
    lane = make_lane()
    ids = put(*[comment(f"c{n}") for n in range(8)])
    sub.instead = lambda heard: Reply(status) if ids[3] in heard.ids else None

    live(lane, clock, at_rest)

    assert sorted(sub.ids) == sorted(set(ids) - {ids[3]})
    assert (Parked.objects.get().event_id, Parked.objects.get().dead) == (ids[3], True)


@pytest.mark.parametrize("status", [502, 504])
def test_an_absence_behind_a_gateway_is_no_events_fault(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, status: int
) -> None:
    lane = make_lane()
    ids = put(comment("a"), comment("b"))
    sub.instead = lambda heard: Reply(status)
    for _ in range(100):
        clock.advance(lane.step())
    assert Parked.objects.count() == 0

    sub.instead = lambda heard: None
    live(lane, clock, lambda: len(sub.ids) == 2)
    assert sorted(sub.ids) == sorted(ids)


@pytest.mark.parametrize("tries", range(1, ALONE + 1))
@pytest.mark.parametrize("count", [1, 8])
def test_a_rolling_restart_in_the_midst_of_deliveries_leaves_no_dead_letter(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, mortal: Mortal, tries: int, count: int
) -> None:
    """As many deliveries in a row as there are replicas are cut off."""
    lane = make_lane(transport=mortal)
    ids = put(*[comment(f"c{n}") for n in range(count)])
    left = [1] * tries
    mortal.interrupt = lambda ids: bool(left and left.pop())

    def over() -> bool:
        assert not Parked.objects.filter(dead=True).exists()
        return len(sub.ids) == count and not Parked.objects.exists()

    live(lane, clock, over)
    assert sorted(sub.ids) == sorted(ids)


def test_an_event_that_failed_otherwise_is_no_dead_letter_for_a_restart_during_its_last_try(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, mortal: Mortal
) -> None:
    lane = make_lane(transport=mortal)
    sub.fails = lambda event: True
    ids = put(comment())
    live(lane, clock, lambda: Parked.objects.filter(attempts=ATTEMPTS - 1).exists())
    sub.fails = lambda event: False
    left = [1]
    mortal.interrupt = lambda ids: bool(left and left.pop())

    live(lane, clock, lambda: not Parked.objects.exists())

    assert (sub.ids, left) == (ids, [])


def test_after_an_answer_all_go_at_once_again(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, mortal: Mortal
) -> None:
    lane = make_lane(transport=mortal)
    put(*[comment(f"c{n}") for n in range(16)])
    left = [1]
    mortal.interrupt = lambda ids: bool(left and left.pop())
    live(lane, clock, at_rest)

    put(*[comment(f"d{n}") for n in range(100)])
    live(lane, clock, at_rest)

    assert [len(ids) for ids in sub.deliveries] == [8, 4, 2, 1, 1, 100]


def test_what_was_taken_over_during_a_delivery_is_left_to_the_successor(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, mortal: Mortal
) -> None:
    """The replica that froze writes nothing more of a delivery that gets no answer."""
    lane = make_lane(transport=mortal)
    ids = put(*[comment(f"c{n}") for n in range(4)])
    mortal.deadly = {ids[0]}
    its = Parked.objects.filter(event_id=ids[0])

    def take_over() -> None:
        Lane.objects.update(epoch=F("epoch") + 1, suspect_through=None, suspect_most=None)
        its.update(attempts=5, unanswered=0, error="theirs")

    mortal.and_the_bus = take_over
    lane.step()
    assert Lane.objects.values_list("suspect_through", "suspect_most").get() == (None, None)

    mortal.and_the_bus = lambda: None
    live(lane, clock, lambda: its.filter(attempts=2).exists())
    mortal.and_the_bus = take_over
    ended = len(mortal.ended)
    live(lane, clock, lambda: len(mortal.ended) > ended)
    assert its.values_list("attempts", "unanswered", "error").get() == (5, 0, "theirs")


@pytest.mark.parametrize("what", ["rewind", "read it itself"])
def test_a_cursor_that_is_moved_forgets_the_suspicion(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, mortal: Mortal, log: Any, what: str
) -> None:
    lane = make_lane(transport=mortal, catch_up="self" if what == "read it itself" else "bus")
    ids = put(*[comment(f"c{n}") for n in range(16)])
    mortal.deadly = {ids[3]}
    lane.step()
    assert Lane.objects.get().suspect_most == 8

    if what == "rewind":
        rewind(Subscription.objects.get(), beginning(log))
    else:
        catch_up.note_read("query", log, log.log_id, end(log))

    row = Lane.objects.get()
    assert (row.suspect_through, row.suspect_most) == (None, None)


def test_once_one_was_answered_a_delivery_notes_nothing_before_it_is_sent(make_lane: Any, put: Any) -> None:
    lane = make_lane()

    def updates_of_its_row() -> int:
        put(comment())
        with CaptureQueriesContext(connection) as asked:
            assert lane.step() == IDLE
        return sum(each["sql"].startswith("UPDATE eventbus_lane SET") for each in asked)

    first = updates_of_its_row()
    assert updates_of_its_row() == 1 < first


def test_healthy_subjects_are_retried_first_and_then_the_event_that_was_tried_least(
    lane: LaneSteps, clock: Clock
) -> None:
    row = Lane.objects.get()
    for offset, unanswered in enumerate((3, 1, 0, 2), 1):
        its = {"subject": f"s{offset}", "event_id": str(offset), "unanswered": unanswered}
        Parked.objects.create(lane=row, offset=offset, body=b"{}", since=0, **its)

    order = []
    while ready := parking.due(row, clock(), 500):
        order.append([parked.offset for parked in ready])
        Parked.objects.filter(pk__in=[parked.pk for parked in ready]).delete()

    assert order == [[3], [2], [4], [1]]
