"""Whether a service can serve, and in its own words why not."""

from __future__ import annotations

import http.client
import json

from launcher.project import Service

PATIENCE = 2.0  # seconds for one answer


def why_not(service: Service) -> str | None:
    """None when it is ready, else the reason."""
    # No urllib: it would ask the user's http_proxy for our own machine.
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)
    try:
        connection.request("GET", service.ready_path)
        answer = connection.getresponse()
        body = answer.read()
    except ConnectionRefusedError:
        return "not listening yet"
    except (OSError, http.client.HTTPException) as error:
        return f"no answer on port {service.port} ({type(error).__name__})"
    finally:
        connection.close()
    return None if answer.status == 200 else f"{answer.status}: {_detail(body)}"


def _detail(body: bytes) -> str:
    try:
        problem = json.loads(body)
        return str(problem.get("detail") or problem.get("title") or problem)
    except (ValueError, AttributeError):
        return body[:200].decode(errors="replace").strip() or "no reason given"
