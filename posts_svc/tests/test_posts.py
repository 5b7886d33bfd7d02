"""Posts through its HTTP door, with nothing else running."""

from typing import Any

import pytest
from django.test import Client

from svc_chassis.testing import Published

pytestmark = pytest.mark.django_db(transaction=True)


def write(client: Client, **post: Any) -> Any:
    return client.post("/posts/create", post, content_type="application/json")


def test_a_written_post_is_answered_whole_and_its_event_waits_in_the_outbox(
    client: Client, published: Published
) -> None:
    response = write(client, title="hi", body="there", author="Ada")

    post = response.json()
    assert response.status_code == 201
    assert post == {
        "id": post["id"],
        "title": "hi",
        "body": "there",
        "author": "Ada",
        "createdAt": post["createdAt"],
        "version": 1,
    }
    [event] = published()
    assert event == {
        "specversion": "1.0",
        "id": event["id"],
        "source": "/posts",
        "type": "PostCreated",
        "subject": post["id"],
        "time": event["time"],
        "datacontenttype": "application/json",
        "dataschema": "/schemas/PostCreated/1",
        "correlationid": event["correlationid"],
        "data": post,
    }
