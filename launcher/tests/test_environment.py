"""Which variables of the shell reach what is started."""

from __future__ import annotations

import re

import pytest

from launcher.setup import environment
from launcher.tests.checkout import ROOT

NAMES = ["posts", "moderation", "eventbus", "frontend"]
DOCUMENTED = [
    "ALLOWED_HOSTS",
    "CORS_ALLOWED_ORIGINS",
    "EVENTS_ALLOW_UNSIGNED",
    "EVENTS_SECRET",
    "MODERATOR_TOKEN",
    "OPERATOR_TOKEN",
    "RETRY_MOST",
    "THROTTLE_WRITES",
]


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_setting_of_all_services_reaches_each(name: str) -> None:
    assert environment.of_service({name: "x"}, "posts", NAMES) == {name: "x"}


@pytest.mark.parametrize("name", ["EVENTBUS_LOG", "EVENTBUS_ATTEMPTS", "MODERATION_BANNED_WORDS"])
def test_a_setting_of_one_service_reaches_that_one(name: str) -> None:
    owner = name.partition("_")[0].lower()
    assert environment.of_service({name: "x"}, owner, NAMES)[name] == "x"
    assert environment.of_service({name: "x"}, "posts", NAMES) == {}


@pytest.mark.parametrize("service", NAMES)
def test_the_bus_allow_list_of_deliveries_is_no_list_of_hosts_to_answer_to(service: str) -> None:
    shell = {"ALLOWED_HOSTS": "blog.test", "EVENTBUS_ALLOWED_HOSTS": "elsewhere.test"}
    assert environment.of_service(shell, service, NAMES)["ALLOWED_HOSTS"] == "blog.test"
    assert environment.of_service(shell | {"POSTS_ALLOWED_HOSTS": "p"}, "posts", NAMES)["ALLOWED_HOSTS"] == "p"


def test_every_setting_that_a_service_reads_is_passed_or_left_out_and_named() -> None:
    """Whoever adds a setting is told here to say how it gets in."""
    folders = [ROOT / "svc_chassis" / "src", *ROOT.glob("*_svc")]
    sources = [file for folder in folders for file in folder.rglob("*.py") if "tests" not in file.parts]
    calls = r"(?:\benv\.\w+|environ\.get|vault\.\w+|_url)\((?:env, )?\"([A-Z][A-Z_]+)\""
    text = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    roles = {role for found in re.findall(r"\broles=\[(.+?)\]", text) for role in re.findall(r"\w+", found)}
    read = {*re.findall(calls, text), *(f"{role.upper()}_TOKEN" for role in roles)}
    assert {"DATABASE_URL", "EVENTBUS_LOG", "OPERATOR_TOKEN", "EVENTBUS_URL", "THROTTLE_WRITES"} <= read
    names = [folder.name.removesuffix("_svc") for folder in ROOT.glob("*_svc")]
    shell = dict.fromkeys(read, "x")
    passed = {name for service in names for name in environment.of_service(shell, service, names)}
    assert read <= passed | set(environment.left_out(shell)) | environment.DECIDED


def test_tests_run_without_what_is_set_for_running_services() -> None:
    shell = {"PATH": "/bin", "THROTTLE_WRITES": "1/s", "DATABASE_URL": "postgres:", "POSTS_X": "1", "CHROMIUM": "c"}
    assert environment.of_tests(shell, NAMES) == {"PATH": "/bin", "CHROMIUM": "c"}
    assert environment.of_tests({"TEST_DATABASE_URL": "postgres:"}, NAMES)["DATABASE_URL"] == "postgres:"


@pytest.mark.parametrize(
    "name",
    [
        *("NODE_ENV", "NODE_OPTIONS", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_NO_DEPS"),
        *(
            "npm_config_omit",
            "npm_config_global",
            "npm_config_prefix",
            "npm_config_ignore_scripts",
            "NPM_CONFIG_PRODUCTION",
        ),
        *("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "npm_config_dry_run"),
    ],
)
def test_installing_does_not_depend_on(name: str) -> None:
    assert name not in environment.of_installer({name: "1"})


@pytest.mark.parametrize(
    "name",
    [
        *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CERT", "PIP_FIND_LINKS", "PIP_TRUSTED_HOST", "PIP_CONFIG_FILE"),
        *("npm_config_registry", "NPM_CONFIG_REGISTRY", "npm_config_cafile", "npm_config_https_proxy"),
        *("HTTPS_PROXY", "https_proxy", "NO_PROXY", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "HOME", "CFLAGS"),
    ],
)
def test_where_packages_come_from_stays_the_users_choice(name: str) -> None:
    assert environment.of_installer({name: "1"})[name] == "1"
