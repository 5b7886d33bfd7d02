"""Which names a service answers to, and what it says to a request for another one."""

from typing import Any

import pytest
from django.test import Client

from svc_chassis.testing.conformance.common import is_problem
from svc_chassis.testing.conformance.hosts import HOSTS, MALFORMED
from svc_chassis.web.hosts import allowed_hosts


@pytest.mark.parametrize(("given", "host", "allowed"), HOSTS)
def test_the_host_of_a_request_is_let_in_or_not(
    client: Client, settings: Any, given: str, host: str, allowed: bool
) -> None:
    settings.ALLOWED_HOSTS = allowed_hosts(given.split(","), True, "http://127.0.0.1:4000")

    assert client.get("/healthz", headers={"Host": host}).status_code == (200 if allowed else 400)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/orders", "/events", "/nowhere"])
def test_the_refusal_names_the_setting_and_is_logged_in_one_line(client: Client, caplog: Any, path: str) -> None:
    response = client.get(path, headers={"Host": "Blog.test:3000"})

    is_problem(response, 400)
    assert response.json()["detail"] == (
        "Host blog.test is not allowed. To allow it, set ALLOWED_HOSTS=blog.test (separate several with commas)."
    )
    [said] = [record.msg for record in caplog.records if record.levelname == "WARNING"]
    assert (said["event"], said["host"], said["cure"]) == (
        "host refused",
        "Blog.test:3000",
        "set ALLOWED_HOSTS=blog.test",
    )


@pytest.mark.parametrize("host", MALFORMED)
def test_what_is_no_host_name_is_refused_without_a_cure(client: Client, settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    response = client.get("/healthz", headers={"Host": host})

    is_problem(response, 400)
    assert response.json()["detail"] == "The Host header is not a host name."
