"""The application any WSGI server serves. Importing it starts the service's background loops."""

from django.core.wsgi import get_wsgi_application

from svc_chassis import loops
from svc_chassis.http import streams

application = get_wsgi_application()
loops.start()
streams.end_with_the_server()
