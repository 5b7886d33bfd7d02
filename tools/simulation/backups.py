"""Backups of a service's database, and restores from them while the other services go on."""

from django.core.management import call_command

from comments.models import Comment
from moderation.models import JudgedComment
from posts.models import Post
from svc_chassis.outbox.models import OutboxEvent
from tools.all_services import SERVICES
from tools.simulation.story import CONSUMERS, Story


def back_up(story: Story) -> None:
    """Copy the database of one service, or of all."""
    for service in story.random.choice((*([name] for name in SERVICES), SERVICES)):
        story.world.say(f"{service} is backed up")
        if former := story.town.backups.pop(service, None):
            former.connection.close()
        story.town.backups[service] = story.world.places[service].backup()


def restore(story: Story) -> None:
    """Replace the database of one service by its last backup, as the documents say: while the service is stopped."""
    service = story.random.choice(SERVICES)
    copy = story.town.backups.get(service)
    if copy is None or service in story.world.down or story.world.places[service].fault is not None:
        return  # nobody restores onto a full disk
    story.world.fault("restore", service)
    last, texts = story.last_verdicts(), _texts(story)
    story.town.stop(service)
    place = story.world.places[service]
    place.restore(copy)
    # The documents ask for a clock that is not earlier than at the last restore.
    with story.world.right_clock(), place.here():
        call_command("after_restore", verbosity=0)
    _forget_what_is_lost(story, service, last)
    _forget_what_is_reverted(story, service, texts)
    story.town.start(service)
    if service == "eventbus":
        # Pauses are those of the backup.
        for name in CONSUMERS:
            story.resume(name)


def _texts(story: Story) -> dict[str, str]:
    """The text of each post and comment, as its own service has it; empty once it is removed."""
    with story.world.places["posts"].here():
        posts = dict(Post.objects.values_list("id", "title"))
    with story.world.places["comments"].here():
        return posts | dict(Comment.objects.values_list("id", "content"))


def _forget_what_is_reverted(story: Story, service: str, before: dict[str, str]) -> None:
    """Edits and removals since the backup are not recovered, but for removals that moderation repeats."""
    if service == "moderation":
        story.forget_unheard_removals()
    now = _texts(story)
    changed = {subject for subject, text in before.items() if now.get(subject) != text}
    story.reverted |= changed
    story.texts = {subject: text for subject, text in story.texts.items() if subject not in changed}
    with story.world.places["moderation"].here():
        repeated = set(OutboxEvent.objects.values_list("subject", flat=True))
    story.removed = {
        subject: by
        for subject, by in story.removed.items()
        if subject not in changed or (by == "moderation" and subject in repeated)
    }


def _forget_what_is_lost(story: Story, service: str, before: dict[str, str]) -> None:
    """What was written since the backup is not recovered, but for decisions that comments has applied."""
    if service == "posts":
        with story.world.places["posts"].here():
            kept = {str(pk) for pk in Post.objects.values_list("id", flat=True)}
        story.posts = [post for post in story.posts if post in kept]
    if service == "comments":
        story.recounted.add("moderation")  # it recalls what the copy has, in the same version
        with story.world.places["comments"].here():
            stands = {str(pk): status for pk, status in Comment.objects.values_list("id", "status")}
        story.comments = [comment for comment in story.comments if comment in stands]
        with story.world.places["moderation"].here():
            judged = dict(JudgedComment.objects.values_list("id", "status"))
        # A decision that moderation has lost too is known to comments only if the copy has it.
        story.decisions = {
            comment: said
            for comment, said in story.decisions.items()
            if comment in stands and said in (judged.get(comment), stands[comment])
        }
    if service == "moderation":
        story.recounted.add("moderation")  # it publishes again, in the same version, what comments has applied
        restored, heard = story.last_verdicts(), story.applied_verdicts()
        with story.world.places["moderation"].here():
            judged = dict(JudgedComment.objects.values_list("id", "status"))
        story.decisions = {
            comment: said
            for comment, said in story.decisions.items()
            if before.get(comment) in heard
            or (restored.get(comment) == before.get(comment) and judged.get(comment) == said)
        }
