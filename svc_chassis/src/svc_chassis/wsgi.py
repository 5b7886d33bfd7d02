"""The application any WSGI server serves. Importing it starts the service's background loops."""

import django
import structlog
from django.core.exceptions import ImproperlyConfigured

from svc_chassis.database import ownership
from svc_chassis.observe import tracing
from svc_chassis.runtime import scheduler
from svc_chassis.runtime.hold import hold
from svc_chassis.web.limits import Handler

NOT_LOADED = 4
"""the status by which gunicorn's master knows that starting the worker again is no use"""

django.setup(set_prefix=False)
application = Handler()
try:
    ownership.check_now()
    if file := ownership.sqlite_file():
        # Kept until this process ends. Where hosts share the file, two of them would corrupt it.
        alone = hold(
            file.with_name(f"{file.name}.lock"),
            f"Another process serves the SQLite database {file}: stop it. For replicas, set DATABASE_URL=postgres://….",
        )
    tracing.export()
    scheduler.start()
except (ownership.ForeignDatabase, ImproperlyConfigured) as refused:
    structlog.get_logger().error(str(refused))
    raise SystemExit(NOT_LOADED) from None
