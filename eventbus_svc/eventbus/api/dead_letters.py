"""`/bus/dead-letters`: list, retry and discard dead letters."""

from typing import Any, Literal

import orjson
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import RootModel
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from eventbus.api.auth import OperatorView
from eventbus.api.subscriptions import subscription_named
from eventbus.delivery.causes import LONGEST, class_of
from eventbus.delivery.dead_letters import ACTIONS, decide
from eventbus.delivery.supervisor import retry_now
from eventbus.inspection.dead_letters import GROUPS, DeadLetter, DeadLetterGroup, dead_letters, groups
from eventbus.models import Parked, Subscription
from eventbus.schemas import Schema
from svc_chassis.audit.trail import REASON, audited
from svc_chassis.events.event import CloudEvent
from svc_chassis.web.fields import Text, body_of
from svc_chassis.web.numbers import number_parameter
from svc_chassis.web.paging import next_link

LIMIT = {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}
AFTER = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1, "default": 0}
SKIP = {"type": "integer", "minimum": 0, "maximum": 10**9, "default": 0}
GONE = "This dead letter is gone: it was retried, replayed or discarded meanwhile."


class DeadLetters(RootModel[list[DeadLetter]]):
    pass


class DeadLetterGroups(RootModel[list[DeadLetterGroup]]):
    pass


class Settled(Schema):
    id: int
    event: CloudEvent
    action: Literal["retry", "discard"]


class Decided(Schema):
    count: int
    """How many dead letters the decision covers."""
    remaining: int | None = None
    """How many of them the bus still has to settle, in the background; absent if none."""


class Cause(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        said = "As the `error` of a group is listed."
        super().__init__(max_length=LONGEST, trim_whitespace=False, allow_blank=True, help_text=said, **options)


class Listed(serializers.Serializer[Parked]):
    subscription = Text(max_length=64, required=False, help_text="Of this subscription.")
    error = Cause(required=False)


class DeadLettersView(OperatorView):
    @extend_schema(
        parameters=[
            OpenApiParameter("limit", LIMIT, description="The maximum number of items."),
            OpenApiParameter("after", AFTER, description="The id of the last item seen; newer items follow."),
            Listed,
        ],
        responses=DeadLetters,
    )
    def get(self, request: Request) -> Response:
        """The dead letters, oldest first, paged: each with its event, error, time, and the events behind it."""
        limit, after = number_parameter(request, "limit", LIMIT), number_parameter(request, "after", AFTER)
        asked = body_of(Listed, request.query_params.dict())
        found = dead_letters(limit, after, asked.get("subscription"), asked.get("error"))
        shown, more = found[:limit], len(found) > limit
        headers = {"Link": next_link(request, limit=limit, after=shown[-1].id)} if more else {}
        return Response([letter.as_json() for letter in shown], headers=headers)


class Strict(serializers.Serializer[Subscription]):
    """Refuses what it does not know: a filter with a wrong name must not select everything."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(map(str, data.keys() - self.fields.keys()))):
            raise ValidationError({name: ["There is no such field."] for name in unknown})
        return super().to_internal_value(data)


class Selection(Strict):
    subscription = Text(max_length=64, required=False, help_text="All subscriptions' if not given.")


class GroupSelection(Strict):
    subscription = Text(max_length=64)
    error = Cause()


class DeadLetterGroupsView(OperatorView):
    @extend_schema(
        operation_id="bus_dead_letter_groups",
        parameters=[OpenApiParameter("skip", SKIP, description="How many groups were seen; smaller ones follow.")],
        responses=DeadLetterGroups,
    )
    def get(self, request: Request) -> Response:
        """How many dead letters each subscription has of each cause; the most first, in pages of 100 groups."""
        skip = number_parameter(request, "skip", SKIP)
        found = groups(skip)
        headers = {"Link": next_link(request, skip=skip + GROUPS)} if len(found) > GROUPS else {}
        return Response([group.as_json() for group in found[:GROUPS]], headers=headers)


class GroupView(OperatorView):
    """`retry` or `discard`, from the URL."""

    @extend_schema(
        operation_id="bus_dead_letters_group",
        parameters=[REASON],
        request=GroupSelection,
        responses={200: Decided, 202: Decided},
    )
    def post(self, request: Request, action: str) -> Response:
        """Retry or discard those of one subscription that have the same cause.

        Of many, the bus settles the rest in the background: 202, with how many are `remaining`.
        """
        asked = body_of(GroupSelection, request.data)
        name, cause = subscription_named(asked["subscription"]).name, asked["error"]
        return decided(request, action, [name], name, cause)


class AllDeadLettersView(OperatorView):
    """`retry` or `discard`, from the URL."""

    @extend_schema(
        operation_id="bus_dead_letters_all",
        parameters=[REASON],
        request=Selection,
        responses={200: Decided, 202: Decided},
    )
    def post(self, request: Request, action: str) -> Response:
        """Retry or discard all of them.

        Of many, the bus settles the rest in the background: 202, with how many are `remaining`.
        """
        name = body_of(Selection, request.data).get("subscription", "")
        names = [subscription_named(name).name] if name else list(Subscription.objects.values_list("pk", flat=True))
        return decided(request, action, names, name)


def decided(request: Request, action: str, wake: list[str], name: str, cause: str | None = None) -> Response:
    """Decide about dead letters, with an entry in the audit trail; `wake` names the subscriptions that may have any."""
    # An entry stays for good, so it must not quote a payload.
    noted = {} if cause is None else {"error": class_of(cause)}
    with audited(request, action, name, **noted) as detail:
        count, remaining = decide(action=action, subscription=name, cause=cause)
        detail["deadLetters"] = count
    for each in wake if count else []:
        retry_now(each)
    more = {"remaining": remaining} if remaining else {}
    return Response(Decided(count=count, **more).as_json(), status=202 if remaining else 200)


class DeadLetterView(OperatorView):
    """`retry` or `discard`, from the URL."""

    @extend_schema(parameters=[REASON], request=None, responses=Settled)
    def post(self, request: Request, letter_id: int, action: str) -> Response:
        """Retry or discard it."""
        letters = Parked.objects.filter(pk=letter_id, dead=True)
        letter = letters.select_related("lane").first()
        if letter is None:
            raise Http404(GONE)
        name = letter.lane.subscription_id
        with audited(request, action, name, deadLetters=1, source=letter.source, event=letter.event_id):
            # Counted, because another request may decide first.
            if not ACTIONS[action](letters=letters):
                raise Http404(GONE)
        retry_now(name)
        return Response({"id": letter_id, "event": orjson.loads(bytes(letter.body)), "action": action})
