"""Whether a service can serve, and in its own words why not."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass

from launcher.project import Service

PATIENCE = 2.0  # seconds for one answer


@dataclass(frozen=True)
class Readiness:
    why_not: str = ""  # empty: it is ready
    warnings: tuple[str, ...] = ()  # what is wrong although it can serve


def ask(service: Service) -> Readiness:
    # No urllib: it would ask the user's http_proxy for our own machine.
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)
    try:
        connection.request("GET", service.ready_path)
        answer = connection.getresponse()
        body = answer.read()
    except ConnectionRefusedError:
        return Readiness("not listening yet")
    except (OSError, http.client.HTTPException) as error:
        return Readiness(f"no answer on port {service.port} ({type(error).__name__})")
    finally:
        connection.close()
    said = _object(body)
    if answer.status != 200:
        why = said.get("detail") or said.get("title") or body[:200].decode(errors="replace").strip()
        return Readiness(f"{answer.status}: {why or 'no reason given'}")
    warnings = said.get("warnings")
    return Readiness(warnings=tuple(map(_line, warnings)) if isinstance(warnings, list) else ())


def _object(body: bytes) -> dict[str, object]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _line(text: object) -> str:
    return " ".join(str(text).split())
