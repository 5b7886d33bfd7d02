"""A service whose configuration makes no sense does not start, and says what to set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from svc_chassis.secrets import Vault, named_tokens
from svc_chassis.settings import service_settings
from svc_chassis.testing.conformance.hosts import INVALID

KEY = "whsec_" + "A" * 43 + "="
SECRETS = {"OPERATOR_TOKEN": "o", "MODERATOR_TOKEN": "m", "SECRET_KEY": "s", "EVENTS_SECRET": KEY}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment with nothing in it but a run directory of its own."""
    for variable in (
        *SECRETS,
        "BLOGBUS_ENV",
        "DATABASE_URL",
        "EVENTBUS_URL",
        "SERVICE_URL",
        "THROTTLE_WRITES",
        "ALLOWED_HOSTS",
        "CORS_ALLOWED_ORIGINS",
    ):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("BLOGBUS_RUN_DIR", str(tmp_path))
    return monkeypatch


def in_production(environment: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in (SECRETS | {"BLOGBUS_ENV": "production"} | variables).items():
        environment.setenv(name, value)


@pytest.mark.parametrize("variable", SECRETS)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_production_wants_every_secret_and_names_the_one_that_is_missing(
    environment: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str | None
) -> None:
    in_production(environment)
    if value is None:
        environment.delenv(variable)
    else:
        environment.setenv(variable, value)

    with pytest.raises(ImproperlyConfigured, match=f"^{variable} is not set"):
        service_settings("orders", tmp_path, roles=["operator", "moderator"])


def test_a_service_needs_no_token_of_a_role_that_it_does_not_ask_for(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_production(environment)
    for role in ("OPERATOR", "MODERATOR"):
        environment.delenv(f"{role}_TOKEN")

    assert not {"OPERATOR_TOKEN", "MODERATOR_TOKEN"} & set(service_settings("orders", tmp_path))


def test_production_takes_its_secrets_from_the_environment_and_writes_none(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_production(environment)

    found = service_settings("orders", tmp_path, roles=["operator", "moderator"])

    assert {name: found[name] for name in ("OPERATOR_TOKEN", "MODERATOR_TOKEN", "SECRET_KEY")} == {
        name: SECRETS[name] for name in ("OPERATOR_TOKEN", "MODERATOR_TOKEN", "SECRET_KEY")
    }
    assert found["EVENTS_KEYS"] == [KEY]
    assert "synchronous=FULL" in found["DATABASES"]["default"]["OPTIONS"]["init_command"]
    assert found["DEBUG"] is False
    assert not (tmp_path / "secrets").exists()


def test_a_service_as_a_bus_wants_its_peers_keys_in_production(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="EVENTS_PEER_SECRETS is not set"):
        Vault("production", tmp_path).peer_keys("")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BLOGBUS_ENV", "prod"),
        ("EVENTBUS_URL", "bus:4005"),
        ("EVENTBUS_URL", "ftp://bus"),
        ("SERVICE_URL", "http://"),
        ("THROTTLE_WRITES", "20"),
        ("THROTTLE_WRITES", "fast"),
        ("THROTTLE_WRITES", "0/s"),
        ("EVENTS_SECRET", "whsec_c2hvcnQ="),
        ("EVENTS_SECRET", "not base64!"),
    ],
)
def test_what_makes_no_sense_is_named(
    environment: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str
) -> None:
    environment.setenv(variable, value)

    with pytest.raises(ImproperlyConfigured, match=variable) as refused:
        service_settings("orders", tmp_path, roles=["operator", "moderator"])

    assert variable != "EVENTS_SECRET" or value.removeprefix("whsec_") not in str(refused.value)


def test_a_client_is_known_by_its_own_address_locally_and_by_the_ingress_word_in_production(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert service_settings("orders", tmp_path, roles=["operator", "moderator"])["REST_FRAMEWORK"]["NUM_PROXIES"] == 0
    in_production(environment)
    assert service_settings("orders", tmp_path, roles=["operator", "moderator"])["REST_FRAMEWORK"]["NUM_PROXIES"] == 1


def test_two_keys_are_taken_during_a_rotation(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = KEY.replace("A", "B")
    environment.setenv("EVENTS_SECRET", f"{KEY} {other}")

    assert service_settings("orders", tmp_path, roles=["operator", "moderator"])["EVENTS_KEYS"] == [KEY, other]


def test_the_bus_knows_a_peer_by_each_of_its_keys_and_nobody_else(tmp_path: Path) -> None:
    other = KEY.replace("A", "B")
    keys = Vault("production", tmp_path).peer_keys(f"posts={KEY}, comments={KEY},posts={other}")

    assert (keys.of("posts"), keys.of("comments"), keys.of("query")) == ([KEY, other], [KEY], [])


@pytest.mark.parametrize("given", ["posts", "posts=", f"={KEY}", "posts=weak"])
def test_peers_keys_that_can_not_be_read_are_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EVENTS_PEER_SECRETS"):
        Vault("production", tmp_path).peer_keys(given)


def test_locally_a_peer_joins_by_its_file_and_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    keys = Vault("local", tmp_path).peer_keys("")
    assert keys.of("posts") == []

    made = Vault("local", tmp_path).signing_keys("EVENTS_SECRET", "posts")

    assert keys.of("posts") == made
    (tmp_path / "outside").write_text(KEY)
    assert keys.of("../../outside") == []


def test_local_secrets_are_made_once_and_only_for_their_owner(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first, second = (service_settings("orders", tmp_path, roles=["operator", "moderator"]) for _ in range(2))

    for name in ("OPERATOR_TOKEN", "MODERATOR_TOKEN", "SECRET_KEY", "EVENTS_KEYS"):
        assert first[name] == second[name]
    files = list((tmp_path / "secrets").iterdir())
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert {file.name for file in files} == {"operator-token", "moderator-token", "django-orders", "events-orders"}


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "operator-token").touch()

    with pytest.raises(ImproperlyConfigured, match="operator-token is empty: delete it"):
        Vault("local", tmp_path).token("UNSET_TOKEN", "operator-token")


RACER = """
import sys
from pathlib import Path
from svc_chassis.secrets import Vault
sys.stdin.readline()
print([Vault("local", Path(sys.argv[1])).token("UNSET_TOKEN", f"token-{n}") for n in range(50)])
"""


def test_processes_that_race_for_a_secret_get_the_same_one(tmp_path: Path) -> None:
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for _ in range(3)
    ]
    for racer in racers:
        assert racer.stdin
        racer.stdin.write(b"\n")
        racer.stdin.flush()
    said = [racer.communicate()[0] for racer in racers]

    assert [racer.returncode for racer in racers] == [0, 0, 0]
    assert said[0] == said[1] == said[2]
    assert len({file.name for file in (tmp_path / "secrets").iterdir()}) == 50


@pytest.mark.parametrize("given", INVALID)
def test_a_value_that_is_no_host_name_stops_the_start(
    environment: pytest.MonkeyPatch, tmp_path: Path, given: str
) -> None:
    environment.setenv("ALLOWED_HOSTS", f"blog.test, {given}")

    with pytest.raises(ImproperlyConfigured, match=r"^ALLOWED_HOSTS has "):
        service_settings("orders", tmp_path)


@pytest.mark.parametrize("given", ["", " ", ","])
def test_in_production_any_host_is_let_in_until_some_are_named(
    environment: pytest.MonkeyPatch, tmp_path: Path, given: str
) -> None:
    in_production(environment, ALLOWED_HOSTS=given)

    assert service_settings("orders", tmp_path)["ALLOWED_HOSTS"] == ["*"]


def test_where_some_are_named_health_checks_and_the_bus_are_still_let_in(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_production(environment, ALLOWED_HOSTS="blog.example", SERVICE_URL="http://orders-srv:4009")

    found = service_settings("orders", tmp_path)["ALLOWED_HOSTS"]

    assert found == [".localhost", "127.0.0.1", "[::1]", "orders-srv", "blog.example"]


@pytest.mark.parametrize(
    "given", ["blog.example", "blog.example:80", "https://blog.example/posts", "*", "null", "https://", "ftp://a.test"]
)
def test_an_origin_that_is_none_stops_the_start(environment: pytest.MonkeyPatch, tmp_path: Path, given: str) -> None:
    environment.setenv("CORS_ALLOWED_ORIGINS", f"https://blog.example,{given}")

    with pytest.raises(ImproperlyConfigured, match=r"^CORS_ALLOWED_ORIGINS has "):
        service_settings("orders", tmp_path)


def test_in_production_only_the_origins_that_are_named_may_read(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_production(environment, CORS_ALLOWED_ORIGINS="https://Blog.example/, https://[fd00::1]:8443,")

    found = service_settings("orders", tmp_path)

    assert found["CORS_ALLOWED_ORIGINS"] == ["https://blog.example", "https://[fd00::1]:8443"]
    assert found["CORS_ALLOWED_ORIGIN_REGEXES"] == []


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("ann=secret,", "entry 2 has no token."),
        ("ann=,ben=secret", "entry 1 has no token."),
        ("ann=secret,,ben=other", "entry 2 has no token."),
        ("ann=secret,ben=secret", "two entries have the same token."),
    ],
)
def test_named_tokens_that_do_not_read_as_such_are_refused_without_showing_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, why: str
) -> None:
    monkeypatch.setenv("OPERATOR_TOKEN", given)

    with pytest.raises(ImproperlyConfigured) as refused:
        Vault("local", tmp_path).tokens("operator")
    assert str(refused.value) == f"OPERATOR_TOKEN must be one token, or name=token,name=token,…: {why}"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("secret", (("operator", "secret"),)),
        ("c2VjcmV0cw==", (("operator", "c2VjcmV0cw=="),)),
        ("ann=c2VjcmV0cw==", (("ann", "c2VjcmV0cw=="),)),
        (" ann=a , ann=b,c ", (("ann", "a"), ("ann", "b"), ("operator", "c"))),
    ],
)
def test_a_role_has_one_token_or_several_with_names(given: str, found: tuple[tuple[str, str], ...]) -> None:
    assert named_tokens(given, "operator") == found
