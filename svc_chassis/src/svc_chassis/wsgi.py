"""The application any WSGI server serves. Importing it starts the service's background loops."""

import structlog
from django.core.wsgi import get_wsgi_application

from svc_chassis import loops, ownership, stopping
from svc_chassis.http import streams

NOT_LOADED = 4
"""the status by which gunicorn's master knows that starting the worker again is no use"""

application = get_wsgi_application()
try:
    ownership.check_now()
except ownership.ForeignDatabase as refused:
    structlog.get_logger().error(str(refused))
    raise SystemExit(NOT_LOADED) from None
loops.start()
loops.run(streams.WATCH, streams.Watch())
stopping.when_told(streams.end)
