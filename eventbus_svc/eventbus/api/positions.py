"""Positions in requests."""

from collections.abc import Callable

from rest_framework.exceptions import APIException, ValidationError

from eventbus.log.open import the_log
from eventbus.log.port import Log
from eventbus.log.position import Offsets, OtherHistory, parse


class Gone(APIException):
    """410: the position is of another history, or of events that left the log. `logId` is the present one."""

    status_code = 410

    def __init__(self, why: str, log_id: str) -> None:
        super().__init__(why)
        self.members = {"logId": log_id}


def offsets(text: str, field: str, read: Callable[[str, Log], Offsets] = parse) -> Offsets:
    """The offsets of the position `text`, which was sent as `field`. Raises ValidationError or Gone."""
    try:
        return read(text, the_log())
    except OtherHistory as error:
        raise Gone(str(error), error.log_id) from error
    except ValueError as error:
        raise ValidationError({field: str(error)}) from error
