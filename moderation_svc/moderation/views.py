from typing import Any

from django.db.models import Count
from django.http import Http404, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from moderation.models import JudgedComment
from moderation.searching import selected
from moderation.serializers import (
    STATUSES,
    CountsOut,
    Decision,
    Decisions,
    JudgedCommentOut,
    OutcomesOut,
    Queue,
    Selection,
)
from moderation.services import DecidedAlready, DecidedMeanwhile, decide, remove_comment, remove_post
from svc_chassis.audit.trail import REASON, audited, reason_of
from svc_chassis.audit.views import AuditView
from svc_chassis.web.fields import body_of, shown
from svc_chassis.web.paging import Page, paged
from svc_chassis.web.tokens import BearerToken, HasRole, holder_of


class Moderator(HasRole):
    role = "moderator"


class QueueView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Moderator]

    @extend_schema(parameters=[Queue, *Page.PARAMETERS], responses=JudgedCommentOut(many=True))
    def get(self, request: Request) -> Response:
        """Comments and their verdicts. `status=pending` selects those that wait for a moderator."""
        asked = body_of(Queue, request.query_params.dict())
        oldest_first = asked.pop("order") == "oldest"
        return paged(request, selected(**asked), JudgedCommentOut, oldest_first=oldest_first)


class CountsView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Moderator]

    @extend_schema(parameters=[Selection], responses=CountsOut)
    def get(self, request: Request) -> Response:
        """The number of comments of each status, of all or of a selection."""
        asked = body_of(Selection, request.query_params.dict())
        found = selected(**asked).values_list("status").annotate(Count("seq"))
        return Response(dict.fromkeys(STATUSES, 0) | dict(found))


class DecisionView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Moderator]

    @extend_schema(parameters=[REASON], request=Decision, responses=JudgedCommentOut)
    def post(self, request: Request, comment_id: str) -> Response:
        """Approve or reject a comment. A later decision replaces an earlier one that it has seen."""
        decision = body_of(Decision, request.data)
        try:
            comment = _decide(request, comment_id, decision)
        except DecidedMeanwhile as error:
            raise Conflict(error) from error
        return Response(shown(JudgedCommentOut, comment))


class DecisionsView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Moderator]

    @extend_schema(parameters=[REASON], request=Decisions, responses=OutcomesOut)
    def post(self, request: Request) -> Response:
        """Approve or reject several comments, each by itself: the answer says of each, in order, what came of it."""
        asked = body_of(Decisions, request.data)["decisions"]
        return Response({"results": [_outcome(request, each.pop("id"), each) for each in asked]})


def _outcome(request: Request, comment_id: str, decision: dict[str, Any]) -> dict[str, Any]:
    comment, detail, outcome = None, None, "decided"
    try:
        comment = _decide(request, comment_id, decision)
    except DecidedMeanwhile as error:
        comment, detail, outcome = error.comment, str(error), "meanwhile"
    except Http404 as error:
        detail, outcome = str(error), "unknown"
    now = comment and shown(JudgedCommentOut, comment)
    return {"id": comment_id, "outcome": outcome, "detail": detail, "comment": now}


def _decide(request: Request, comment_id: str, decision: dict[str, Any]) -> JudgedComment:
    """With one entry in the audit trail, however often it is sent. Raises as `decide` does otherwise."""
    try:
        with audited(request, "decide", comment_id, status=decision["status"]) as detail:
            comment = decide(comment_id=comment_id, moderator=holder_of(request).name, **decision)
            detail |= {"reason": comment.reason, "version": comment.version}
    except DecidedAlready as before:
        return before.comment
    return comment


class CommentView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Moderator]

    @extend_schema(responses=JudgedCommentOut)
    def get(self, request: Request, comment_id: str) -> Response:
        """One comment and its verdict."""
        comment = JudgedComment.objects.filter(id=comment_id, removed=False).first()
        if comment is None:
            raise Http404(f"There is no comment {comment_id} here.")
        return Response(shown(JudgedCommentOut, comment))

    @extend_schema(parameters=[REASON], responses={204: None})
    def delete(self, request: Request, comment_id: str) -> HttpResponse:
        """Remove a comment for good, with its text. No later decision brings it back."""
        with audited(request, "remove comment", comment_id):
            remove_comment(comment_id=comment_id, reason=reason_of(request), moderator=holder_of(request).name)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PostView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Moderator]

    @extend_schema(parameters=[REASON], responses={202: None})
    def delete(self, request: Request, post_id: str) -> HttpResponse:
        """Have a post removed for good, with its text. Moderation knows no posts: an unknown one is ignored."""
        with audited(request, "remove post", post_id):
            remove_post(post_id=post_id, reason=reason_of(request), moderator=holder_of(request).name)
        return Response(status=status.HTTP_202_ACCEPTED)


class Conflict(APIException):
    """`verdict` in the problem is the one that was made meanwhile."""

    status_code = 409

    def __init__(self, error: DecidedMeanwhile) -> None:
        super().__init__(str(error))
        self.members = {"verdict": shown(JudgedCommentOut, error.comment)}


class ModerationAuditView(AuditView):
    permission_classes = [Moderator]
