from typing import Any

from django.db.models import QuerySet

from comments.models import Comment
from comments.services import erase_comment
from svc_chassis.management.erasing import ErasingCommand


class Command(ErasingCommand):
    help = "Erase comments for good: their text, their authors' names, and every earlier event and kept answer of them."
    what = "comment"
    selections = {
        "comment": ("id", "The id of a comment."),
        "post": ("post_id", "The id of a post: every comment on it."),
        "author": ("author", "A name: every comment under it."),
    }

    def rows(self) -> QuerySet[Any]:
        return Comment.objects.all()

    def erase(self, pk: str) -> None:
        erase_comment(comment_id=pk)
