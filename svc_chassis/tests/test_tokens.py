"""None or a wrong token is 401, the other role's is 403."""

from typing import Any

import pytest
from django.conf import settings as live
from django.test import Client


def get(path: str, authorization: str | None) -> Any:
    return Client().get(path, headers={"Authorization": authorization} if authorization is not None else {})


@pytest.mark.parametrize("role", ["operator", "moderator"])
def test_the_roles_own_token_opens(role: str) -> None:
    token = getattr(live, f"{role.upper()}_TOKEN")

    for scheme in ("Bearer", "bearer"):
        response = get(f"/{role}", f"{scheme} {token}")
        assert (response.status_code, response.json()) == (200, {"role": role})


@pytest.mark.parametrize(("path", "other"), [("/operator", "MODERATOR"), ("/moderator", "OPERATOR")])
def test_the_other_roles_token_is_403(path: str, other: str) -> None:
    response = get(path, f"Bearer {getattr(live, f'{other}_TOKEN')}")

    assert response.status_code == 403
    assert response.json()["detail"] == f"This needs the {path[1:]}'s token, and yours is the {other.lower()}'s."


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic b3BlcmF0b3I6", "Bearer t\xf6ken", "\xff"]
)
def test_none_or_a_wrong_token_is_401(authorization: str | None) -> None:
    response = get("/operator", authorization)

    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")
    assert response["WWW-Authenticate"] == 'Bearer realm="blogbus"'


def test_the_token_is_not_repeated() -> None:
    assert "guess" not in get("/operator", "Bearer guess").content.decode()


@pytest.mark.parametrize("token", ["token-a", "token-b", "token-b2", "token-c"])
def test_each_of_a_roles_named_tokens_opens(settings: Any, token: str) -> None:
    settings.OPERATOR_TOKEN = "ann=token-a, ben=token-b,ben=token-b2,token-c"

    assert get("/operator", f"Bearer {token}").status_code == 200
    assert get("/moderator", f"Bearer {token}").status_code == 403
    for wrong in (f"ann={token}", token[1:], token.upper(), settings.OPERATOR_TOKEN):
        assert get("/operator", f"Bearer {wrong}").status_code == 401
