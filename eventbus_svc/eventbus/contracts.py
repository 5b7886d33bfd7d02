"""The declared events. The setting `CONTRACTS` names the module that declares them, so the bus knows none by name."""

from importlib import import_module

from django.conf import settings

from svc_chassis.events.contract import Contract

ALL: tuple[type[Contract], ...] = import_module(settings.CONTRACTS).ALL
BY_TYPE: dict[str, type[Contract]] = {contract.event_type(): contract for contract in ALL}
