"""`manage.py erase`: an operator erases posts."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client

from svc_chassis.idempotency.models import IdempotencyRecord
from svc_chassis.testing.conformance import is_problem
from svc_chassis.testing.plugin import Published
from svc_chassis.testing.stored import everything_stored

pytestmark = pytest.mark.django_db(transaction=True)


def write(client: Client, **post: Any) -> str:
    return str(client.post("/posts/create", post, content_type="application/json").json()["id"])


def test_every_post_under_a_name_is_erased_and_no_other(client: Client, published: Published, capsys: Any) -> None:
    gone = [write(client, title=f"secret {number}", author="Ada") for number in range(3)]
    stays = write(client, title="stays", author="Ben")

    call_command("erase", author="Ada", yes=True)

    assert [post["id"] for post in client.get("/posts").json()] == [stays]
    assert {event["subject"] for event in published() if event.get("tombstone")} == set(gone)
    assert [text for text in ("secret", "Ada") if text in everything_stored()] == []
    *listed, told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == gone
    assert told.startswith("3 erased here.")


def test_a_removed_post_is_erased_again_with_a_new_version(client: Client, published: Published) -> None:
    """The bus was restored from a backup, for example, and its log has what was published before."""
    post = write(client, title="secret")

    for _ in range(2):
        call_command("erase", post=post, yes=True)

    [event] = published()
    assert (event["data"]["version"], event["data"]["status"], event["tombstone"]) == (3, "removed", True)


def test_without_yes_or_somebody_to_ask_nothing_is_erased(
    client: Client, published: Published, capsys: Any, monkeypatch: Any
) -> None:
    post = write(client, title="stays", author="Ada")

    with pytest.raises(CommandError, match="Nothing was erased: run it with --yes"):
        call_command("erase", post=post)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: "n")
    with pytest.raises(CommandError, match=r"^Nothing was erased\.$"):
        call_command("erase", post=post)

    assert f"{post}  " in capsys.readouterr().out
    assert len(published()) == 1


def test_who_says_yes_when_asked_erases(client: Client, published: Published, monkeypatch: Any) -> None:
    post = write(client, title="secret")
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or "y")

    call_command("erase", post=post)

    assert asked == ["Erase 1 for good? No copy is left to restore. [y/N] "]
    assert client.get("/posts").json() == []


@pytest.mark.parametrize("which", [{"post": "never-heard-of"}, {"author": "Nobody"}, {"post": ""}, {"author": ""}])
def test_what_is_not_there_is_said_and_nothing_is_erased(client: Client, published: Published, which: Any) -> None:
    write(client, title="stays")

    with pytest.raises(CommandError, match="nothing was erased"):
        call_command("erase", yes=True, **which)

    assert len(published()) == 1


def test_a_kept_answer_of_a_former_release_is_forgotten_too(client: Client) -> None:
    """It notes no subject, also while it runs beside this one during an update."""
    key = {"Idempotency-Key": "k"}
    post = client.post("/posts/create", {"title": "secret"}, "application/json", headers=key).json()["id"]
    IdempotencyRecord.objects.update(subject="")

    call_command("erase", post=post, yes=True)

    assert "secret" not in everything_stored()
    is_problem(client.post("/posts/create", {"title": "secret"}, "application/json", headers=key), 410)


def test_the_update_names_the_subjects_of_kept_answers(client: Client) -> None:
    key = {"Idempotency-Key": "k"}
    post = client.post("/posts/create", {"title": "hi"}, "application/json", headers=key).json()["id"]
    IdempotencyRecord.objects.update(subject="")
    IdempotencyRecord.objects.create(key="being written", fingerprint="f")
    IdempotencyRecord.objects.create(key="a list", fingerprint="f", body=b"[]")

    import_module("svc_chassis.idempotency.migrations.0002_subject").name_subjects(apps, None)

    assert dict(IdempotencyRecord.objects.values_list("key", "subject")) == {
        "k": post,
        "being written": "",
        "a list": "",
    }
