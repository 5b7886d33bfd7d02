"""What readers, authors and moderators do."""

from random import Random

from django.conf import settings

from moderation.models import JudgedComment
from tools.simulation.story import Story

CONTENTS = ("hello", "well said", "an orange", "see https://example.org")


def write_post(story: Story) -> None:
    title = _text(story, "title")
    status, said = story.call("posts", "POST", "/posts/create", {"title": title})
    if status == 201:
        story.posts.append(said["id"])
        story.tokens[said["id"]], story.texts[said["id"]] = said["editToken"], title
        story.world.say(f"someone writes {story.name(said['id'])}")


def write_comment(story: Story) -> None:
    random = story.random
    post = random.choice(story.posts) if story.posts and random.random() < 0.97 else _unknown_id(random)
    content = _text(story, random.choice(CONTENTS))
    status, said = story.call("comments", "POST", f"/posts/{post}/comments", {"content": content})
    if status == 201:
        story.comments.append(said["id"])
        story.tokens[said["id"]], story.texts[said["id"]] = said["editToken"], content
        story.post_of[said["id"]] = post
        story.world.say(f"someone comments {story.name(said['id'])}: {content}")


def edit_post(story: Story) -> None:
    if story.posts:
        post = story.random.choice(story.posts)
        _edit(story, "posts", f"/posts/{post}/text", post, title=_text(story, "title"))


def edit_comment(story: Story) -> None:
    if story.comments:
        comment = story.random.choice(story.comments)
        content = _text(story, story.random.choice(CONTENTS))
        _edit(story, "comments", _address(story, comment), comment, content=content)


def remove_post(story: Story) -> None:
    if story.posts:
        post = story.random.choice(story.posts)
        _remove(story, "posts", f"/posts/{post}/text", post, story.tokens[post])


def remove_comment(story: Story) -> None:
    if story.comments:
        comment = story.random.choice(story.comments)
        _remove(story, "comments", _address(story, comment), comment, story.tokens[comment])


def have_removed(story: Story) -> None:
    """A moderator removes a post or a comment."""
    kind, found = story.random.choice((("posts", story.posts), ("comments", story.comments)))
    if found:
        subject = story.random.choice(found)
        _remove(story, "moderation", f"/moderation/{kind}/{subject}", subject, settings.MODERATOR_TOKEN)


def decide(story: Story) -> None:
    if not story.comments:
        return
    comment, verdict = story.random.choice(story.comments), story.random.choice(("approved", "rejected"))
    path = f"/moderation/comments/{comment}/decision"
    status, _ = story.call("moderation", "POST", path, {"status": verdict}, settings.MODERATOR_TOKEN)
    if status == 200:
        story.decisions[comment] = verdict
        story.world.say(f"a moderator decides {story.name(comment)}: {verdict}")
        with story.world.places["moderation"].here():
            judged = JudgedComment.objects.filter(id=comment).values_list("content", flat=True).first()
        if judged != story.texts.get(comment):
            story.decisions.pop(comment)  # its author has edited it, so this decision is void
    elif status == 0:
        story.decisions.pop(comment, None)  # it may have been taken


def _edit(story: Story, service: str, path: str, subject: str, **text: str) -> None:
    status, _ = story.call(service, "PUT", path, text, story.tokens[subject])
    if status == 200:
        [story.texts[subject]] = text.values()
        story.world.say(f"the author edits {story.name(subject)}: {story.texts[subject]}")
    elif status == 0:
        story.texts.pop(subject, None)  # it may have been edited
    if status in (0, 200):
        story.decisions.pop(subject, None)


def _remove(story: Story, service: str, path: str, subject: str, token: str) -> None:
    status, _ = story.call(service, "DELETE", path, None, token)
    if status in (202, 204):
        story.removed[subject] = service
        story.world.say(f"{story.name(subject)} is removed at {service}")
    if status in (0, 202, 204):
        story.texts.pop(subject, None)
        story.decisions.pop(subject, None)


def _address(story: Story, comment: str) -> str:
    return f"/posts/{story.post_of[comment]}/comments/{comment}"


def _text(story: Story, words: str) -> str:
    """No two texts are the same, and none is part of another."""
    story.written += 1
    return f"{words} <{story.written}>"


def _unknown_id(random: Random) -> str:
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
