"""The application any WSGI server serves. Importing it starts the service's background loops."""

import django
import structlog

from svc_chassis.database import ownership
from svc_chassis.runtime import scheduler
from svc_chassis.web.limits import Handler

NOT_LOADED = 4
"""the status by which gunicorn's master knows that starting the worker again is no use"""

django.setup(set_prefix=False)
application = Handler()
try:
    ownership.check_now()
except ownership.ForeignDatabase as refused:
    structlog.get_logger().error(str(refused))
    raise SystemExit(NOT_LOADED) from None
scheduler.start()
