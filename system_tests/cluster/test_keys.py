"""A service's signing key is replaced while everything runs."""

from system_tests.cluster.deployed import HEALED_WITHIN, Deployed


def test_a_key_is_rotated_and_what_is_written_on_the_way_arrives(system: Deployed) -> None:
    posts = [system.post("signed with the old key")]
    system.keys("--add", "posts")
    system.deploy()
    posts.append(system.post("signed with both"))
    system.eventually(lambda: None in map(system.shown, posts), False, within=HEALED_WITHIN)
    system.keys("--drop", "posts")
    system.deploy()
    posts.append(system.post("signed with the new one"))
    system.eventually(lambda: None in map(system.shown, posts), False, within=HEALED_WITHIN)
