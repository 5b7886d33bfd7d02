"""Query refuses what will not do, at every door."""

import pytest
from django.test import Client

from svc_chassis.testing.conformance import AnyEventDoor, EventsDoor, HeadersDoor, PagedDoor, SchemaDoor, is_problem
from svc_chassis.testing.plugin import Deliver
from tests.events import comment, post, update


class TestEvents(EventsDoor):
    pass


class TestAnyEvent(AnyEventDoor):
    pass


class TestListing(PagedDoor):
    path = "/posts"


class TestThread(PagedDoor):
    path = "/posts/p1/thread"

    @pytest.fixture(autouse=True)
    def arranged(self, transactional_db: None, deliver: Deliver) -> None:
        deliver(post("p1"))


class TestSchema(SchemaDoor):
    @pytest.fixture
    def arranged(self, transactional_db: None, deliver: Deliver) -> None:
        deliver(post(), comment(), update(), comment("c2"))


@pytest.mark.django_db(transaction=True)
class TestOnePost:
    @pytest.mark.parametrize("post_id", ["p2", "00000000-0000-0000-0000-000000000000", "%00", "%ff", "x" * 5000, "p1/"])
    def test_an_unknown_id_is_not_found(self, client: Client, deliver: Deliver, post_id: str) -> None:
        deliver(post("p1"))
        is_problem(client.get(f"/posts/{post_id}"), 404)

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    @pytest.mark.parametrize("path", ["/posts", "/posts/p1", "/posts/p1/thread", "/posts/p1/thread/c1"])
    def test_nothing_can_be_written(self, client: Client, method: str, path: str) -> None:
        is_problem(getattr(client, method)(path, {}, content_type="application/json"), 405)


class TestHeaders(HeadersDoor):
    SAMPLES = {"post_id": "p1", "comment_id": "c1"}

    @pytest.fixture
    def arranged(self, transactional_db: None, deliver: Deliver) -> None:
        deliver(post("p1"), comment())
