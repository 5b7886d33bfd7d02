"""The metrics of the bus."""

from prometheus_client import Counter

PUBLISHED = Counter("blogbus_published_events_total", "Events the bus accepted.", ["type"])
DELIVERIES = Counter("blogbus_deliveries_total", "Deliveries, by outcome.", ["subscription", "outcome"])
