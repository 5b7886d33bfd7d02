"""A service's signing key is replaced while everything runs."""

from system_tests.cluster.conftest import manage
from system_tests.cluster.deployed import Deployed


def test_a_key_is_rotated_and_what_is_written_on_the_way_arrives(system: Deployed) -> None:
    post = system.post("signed with the old key")
    manage("keys", "--add", "posts")
    system.deploy()
    both = system.post("signed with both")
    system.eventually(lambda: system.shown(both) is not None, True)
    manage("keys", "--drop", "posts")
    system.deploy()
    new = system.post("signed with the new one")
    system.eventually(lambda: [system.shown(each) is not None for each in (post, both, new)], [True] * 3)
