from typing import Any

from django.db.models import QuerySet

from posts.models import Post
from posts.services import erase_post
from svc_chassis.management.erasing import ErasingCommand


class Command(ErasingCommand):
    help = "Erase posts for good: their text, their authors' names, and every earlier event and kept answer of them."
    what = "post"
    selections = {
        "post": ("id", "The id of a post. Erase its comments with comments_svc/manage.py erase --post."),
        "author": ("author", "A name: every post under it."),
    }

    def rows(self) -> QuerySet[Any]:
        return Post.objects.all()

    def erase(self, pk: str) -> None:
        erase_post(post_id=pk)
