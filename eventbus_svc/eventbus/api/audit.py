"""`/bus/audit`: what operators did."""

from eventbus.api.auth import Operator
from svc_chassis.audit.views import AuditView


class BusAuditView(AuditView):
    permission_classes = [Operator]
