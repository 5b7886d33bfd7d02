"""`GET /events`: the history, in the order of the log."""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import cast

from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from eventbus.api.auth import PeerSignature
from eventbus.api.positions import Gone, offsets
from eventbus.delivery.catch_up import ANYONE, note_read
from eventbus.delivery.supervisor import retry_now
from eventbus.log import position
from eventbus.log.open import the_log
from eventbus.log.port import Entry, Log
from eventbus.log.position import Offsets
from eventbus.models import Subscription
from svc_chassis.web.numbers import whole_number
from svc_chassis.web.tokens import Holder

MOST = 1000
NAME = r"[a-z][a-z0-9_-]{0,63}"


class History(APIView):
    @extend_schema(
        operation_id="read_events",
        parameters=[
            OpenApiParameter("after", str, description="A position; the response has the events after it."),
            OpenApiParameter("limit", int, description=f"1 to {MOST}; all if not given."),
            OpenApiParameter("types", str, description="Types, separated by commas."),
            OpenApiParameter("subject", str),
            OpenApiParameter(
                "subscription",
                str,
                description="The subscription that reads. With `catchUp: self`, a read without `limit` and `subject`, "
                "and with every type of the subscription if it has `types`, counts as delivered.",
            ),
        ],
        responses={
            200: OpenApiResponse({"type": "array", "items": {"type": "object"}}),
            410: OpenApiResponse(
                {"type": "object"}, description="Events after `after` are gone; `logId` is the present log id."
            ),
        },
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """The history in the order of the log, as one streamed array; each event has its `position`.

        The header `Log-Id` names the history.
        """
        log, asked = the_log(), request.GET
        types = set(filter(None, asked.get("types", "").split(",")))
        subject, limit = asked.get("subject"), _limit(asked.get("limit"))
        log_id = log.log_id
        after = offsets(asked["after"], "after") if "after" in asked else None
        if after and not position.kept(log, after):
            raise Gone("Events after this position are gone. Without `after` you get what is left.", log_id)
        history = position.history(log, log_id, after)
        reader = _reader(request)
        if reader is not None and limit is None and not subject and _has_all_of(types, reader):
            history = _noted(history, log, log_id, after, reader)
        found = (
            _with_position(where, entry)
            for where, entry in history
            if (not types or entry.record.type in types) and (not subject or entry.record.subject == subject)
        )
        return StreamingHttpResponse(
            _array(islice(found, limit)), content_type="application/json", headers={"Log-Id": log_id}
        )


def _reader(request: Request) -> str | None:
    """The subscription that reads; ANYONE for an unsigned read of the whole history; None for other reads."""
    name, holder = request.GET.get("subscription"), cast("Holder | None", request.user)
    if holder and isinstance(request.successful_authenticator, PeerSignature):
        if name not in (None, holder.name):
            raise PermissionDenied(f"{holder.name} can't read as {name}.")
        return holder.name
    if name is not None and not re.fullmatch(NAME, name):
        raise ValidationError({"subscription": "Must be the name of a subscription."})
    if name is not None and Subscription.objects.filter(pk=name).exists():
        return name
    return None if holder or request.GET.keys() - {"subscription"} else ANYONE


def _has_all_of(types: set[str], reader: str) -> bool:
    """Whether a read of these types only, none for all, has every type that the reader subscribes to."""
    if not types:
        return True
    subscription = Subscription.objects.filter(pk=reader).first()
    return subscription is not None and types.issuperset(subscription.types)


def _noted(
    history: Iterator[tuple[str, Entry]], log: Log, log_id: str, after: Offsets | None, reader: str
) -> Iterator[tuple[str, Entry]]:
    """The same entries; a read to the end is recorded."""
    read = position.render(log_id, after or position.beginning(log))
    for read, entry in history:
        yield read, entry
    with suppress(position.OtherHistory):
        for name in note_read(reader, log, log_id, position.parse(read, log)):
            retry_now(name)


def _limit(text: str | None) -> int | None:
    if text is None:
        return None
    limit = whole_number(text, 1, MOST)
    if limit is None:
        raise ValidationError({"limit": f"Must be a whole number from 1 to {MOST}."})
    return limit


def _with_position(where: str, entry: Entry) -> bytes:
    return entry.record.body[:-1] + b',"position":"' + where.encode() + b'"}'


def _array(events: Iterator[bytes]) -> Iterator[bytes]:
    """`[…]`, event by event. If the log cannot return the next one, the response breaks off, invalid."""
    separator = b"["
    for event in events:
        yield separator + event
        separator = b","
    yield b"[]" if separator == b"[" else b"]"
