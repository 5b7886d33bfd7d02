from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from query.models import Comment, Post
from svc_chassis.inbox.models import Inbox


class Command(BaseCommand):
    help = "Empty the read model; the event bus fills it again from the beginning of history, by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            # Before the rows go: whoever applies a batch at this moment must be done, or not have begun.
            Inbox.renew()
            Post.objects.all().delete()
            Comment.objects.all().delete()
        if options["verbosity"]:
            self.stdout.write("Emptied. The posts come back with the next heartbeat, within seconds.")
