"""Retrying and discarding dead letters: one of them, or all, in pieces of bounded work."""

from collections.abc import Callable
from typing import Any, NamedTuple

import structlog
from django.db import transaction
from django.db.models import Max, Q, QuerySet, Value
from django.db.models.functions import Least

from eventbus.delivery.causes import CAUSE
from eventbus.delivery.suspicion import ALONE
from eventbus.models import Decision, Discard, GroupDecision, Parked

logger = structlog.get_logger()

AnyDecision = Decision | GroupDecision

PIECE = 500
"""dead letters settled in one transaction: writers wait for milliseconds"""
IDLE = 1.0
"""seconds between checks for decisions of other processes"""
PAUSE = 0.01
"""seconds between two pieces, in which others can write"""


class Progress(NamedTuple):
    letters: int
    """dead letters that the decision covers"""
    remaining: int
    """those that are not settled yet"""


def retry(*, letters: QuerySet[Parked]) -> int:
    """Retry dead letters once, now; how many. One that fails is a dead letter again, and its followers keep waiting."""
    # One delivery, also of an event that ended its subscriber: without a response it is at ALONE again.
    count = letters.filter(dead=True).update(dead=False, next_try=0, unanswered=Least("unanswered", Value(ALONE - 1)))
    logger.info("retried", dead_letters=count)
    return count


@transaction.atomic
def discard(*, letters: QuerySet[Parked]) -> int:
    """Discard at most PIECE dead letters; how many. No replay delivers them again; events behind them are delivered."""
    # Locked, because one that is retried at the same time may be applied, and must not count as discarded.
    rows = letters.filter(dead=True).select_for_update(of=("self",))
    found = list(rows.values_list("pk", "lane__subscription", "source", "event_id"))
    discards = [Discard(subscription_id=name, source=source, event_id=event_id) for _, name, source, event_id in found]
    Discard.objects.bulk_create(discards, ignore_conflicts=True)
    Parked.objects.filter(pk__in=[pk for pk, *_ in found]).delete()
    logger.info("discarded", dead_letters=len(found), ids=[event_id for *_, event_id in found][:20])
    return len(found)


ACTIONS: dict[str, Callable[..., int]] = {Decision.Action.RETRY: retry, Decision.Action.DISCARD: discard}


def decide(*, action: str, subscription: str = "", cause: str | None = None) -> Progress:
    """Retry or discard all present dead letters: of all subscriptions, of one, or those of it that have this cause.

    The first piece is settled at once, the others by the loop `Decisions`. A later decision about the same subscription
    or cause replaces one that is not finished.
    """
    with transaction.atomic():
        its = {"subscription": subscription} if subscription else {}
        same = its if cause is None else {**its, "error": cause}
        GroupDecision.objects.filter(**same).delete()
        newest = Parked.objects.aggregate(newest=Max("pk"))["newest"] or 0
        decision: AnyDecision
        if cause is None:
            Decision.objects.filter(**its).delete()
            decision = Decision.objects.create(action=action, subscription=subscription, through=newest)
        else:
            decision = GroupDecision.objects.create(
                action=action, subscription=subscription, error=cause, through=newest
            )
        count = remaining(decision).count()
    settle(decision)
    left = type(decision).objects.filter(pk=decision.pk).first()
    return Progress(count, remaining(left).count() if left else 0)


def remaining(decision: AnyDecision) -> QuerySet[Parked]:
    """The dead letters that the decision has not settled yet."""
    letters = Parked.objects.filter(dead=True, pk__gt=decision.after, pk__lte=decision.through)
    if decision.subscription:
        letters = letters.filter(lane__subscription=decision.subscription)
    if not isinstance(decision, GroupDecision):
        return letters
    # A former release may have written the whole error.
    return letters.alias(cause=CAUSE).filter(Q(cause=decision.error) | Q(error=decision.error))


@transaction.atomic
def settle(decision: AnyDecision) -> bool:
    """Settle one piece of a decision, in one transaction; whether more is left."""
    rows: Any = type(decision).objects
    held: AnyDecision | None = rows.select_for_update().filter(pk=decision.pk).first()
    if held is None:
        return False
    piece = list(remaining(held).order_by("pk").values_list("pk", flat=True)[:PIECE])
    if piece:
        ACTIONS[held.action](letters=Parked.objects.filter(pk__in=piece))
    if len(piece) < PIECE:
        held.delete()
        return False
    # By id, so that one which fails again is not retried endlessly.
    rows.filter(pk=held.pk).update(after=piece[-1])
    return True


class Decisions:
    """The loop that settles decisions about many dead letters, also those of a process that died. The narrow ones
    come first: they were made about letters that a wide one may not have reached."""

    def step(self) -> float:
        decision = GroupDecision.objects.order_by("pk").first() or Decision.objects.order_by("pk").first()
        if decision is None:
            return IDLE
        settle(decision)
        return PAUSE

    def stop(self) -> None:
        """Nothing is held: the next process continues where this one ends."""
