"""The declared events, from the module that the setting `CONTRACTS` names."""

from importlib import import_module

from django.conf import settings

from svc_chassis.events.contract import Contract

ALL: tuple[type[Contract], ...] = import_module(settings.CONTRACTS).ALL
BY_TYPE: dict[str, type[Contract]] = {contract.event_type(): contract for contract in ALL}
