"""The application that our server serves: the WSGI application behind a bridge. Importing it starts the loops."""

from svc_chassis.server.bridge import Bridge
from svc_chassis.wsgi import application as django_application

application = Bridge(django_application)
