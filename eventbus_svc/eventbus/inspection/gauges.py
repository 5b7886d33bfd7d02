"""What `/metrics` says of the subscriptions; the same at every replica."""

import time
from collections.abc import Iterable

from django.db import DatabaseError, InterfaceError
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from eventbus.inspection.subscriptions import subscriptions
from eventbus.inspection.window import Window
from eventbus.log.open import the_log
from svc_chassis.web.problems import Unavailable


class SubscriptionGauges(Collector):
    """Counted when asked; left out while the log or the database does not answer, as `/readyz` says."""

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterable[Metric]:
        lag, parked, dead, paused = gauges = [
            GaugeMetricFamily(f"blogbus_subscription_{name}", text, labels=["subscription"])
            for name, text in [
                ("lag", "Events that are not settled yet."),
                ("parked", "Of these, how many are parked, including dead letters."),
                ("dead_letters", "Events that could not be applied and wait for a person."),
                ("paused", "1 while an operator has paused it."),
            ]
        ]
        try:
            found = subscriptions(Window.of(the_log()), time.time())
        except (DatabaseError, InterfaceError, Unavailable):
            return []
        for one in found:
            lag.add_metric([one.name], one.lag)
            parked.add_metric([one.name], one.parked)
            dead.add_metric([one.name], one.dead_letters)
            paused.add_metric([one.name], one.state == "paused")
        return gauges
