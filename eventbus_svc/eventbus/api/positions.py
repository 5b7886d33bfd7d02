"""Positions as clients send them."""

from collections.abc import Callable

from rest_framework.exceptions import APIException, ValidationError

from eventbus.log.open import the_log
from eventbus.log.port import Log
from eventbus.log.position import Offsets, OtherHistory, parse


class Gone(APIException):
    """410: what followed the position can't be told any more; `logId` names the history that the log holds."""

    status_code = 410

    def __init__(self, why: str, log_id: str) -> None:
        super().__init__(why)
        self.members = {"logId": log_id}


def offsets(text: str, field: str, read: Callable[[str, Log], Offsets] = parse) -> Offsets:
    """`text`, which a client sent as `field`, in the log that there is. Raises ValidationError, or Gone."""
    try:
        return read(text, the_log())
    except OtherHistory as error:
        raise Gone(str(error), error.log_id) from error
    except ValueError as error:
        raise ValidationError({field: str(error)}) from error
