"""The application any WSGI server serves. Importing it starts the service's background loops."""

from django.core.wsgi import get_wsgi_application

from svc_chassis import loops, stopping
from svc_chassis.http import streams

application = get_wsgi_application()
loops.start()
loops.run(streams.WATCH, streams.Watch())
stopping.when_told(streams.end)
