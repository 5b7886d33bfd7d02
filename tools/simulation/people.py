"""What readers and moderators do."""

from random import Random

from django.conf import settings

from tools.simulation.story import Story

CONTENTS = ("hello", "well said", "an orange", "see https://example.org")


def write_post(story: Story) -> None:
    status, said = story.call("posts", "POST", "/posts/create", {"title": f"title {len(story.posts)}"})
    if status == 201:
        story.posts.append(said["id"])
        story.world.say(f"someone writes {story.name(said['id'])}")


def write_comment(story: Story) -> None:
    random = story.random
    post = random.choice(story.posts) if story.posts and random.random() < 0.97 else _unknown_id(random)
    content = random.choice(CONTENTS)
    status, said = story.call("comments", "POST", f"/posts/{post}/comments", {"content": content})
    if status == 201:
        story.comments.append(said["id"])
        story.world.say(f"someone comments {story.name(said['id'])}: {content}")


def decide(story: Story) -> None:
    if not story.comments:
        return
    comment, verdict = story.random.choice(story.comments), story.random.choice(("approved", "rejected"))
    path = f"/moderation/comments/{comment}/decision"
    status, _ = story.call("moderation", "POST", path, {"status": verdict}, settings.MODERATOR_TOKEN)
    if status == 200:
        story.decisions[comment] = verdict
        story.world.say(f"a moderator decides {story.name(comment)}: {verdict}")
    elif status == 0:
        story.decisions.pop(comment, None)  # it may have been taken


def _unknown_id(random: Random) -> str:
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
