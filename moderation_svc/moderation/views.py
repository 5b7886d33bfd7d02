from django.db.models import Count
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from moderation.models import JudgedComment
from moderation.serializers import STATUSES, CountsOut, Decision, JudgedCommentOut, Queue
from moderation.services import decide
from svc_chassis.web.fields import body_of, shown
from svc_chassis.web.paging import Page, paged
from svc_chassis.web.tokens import BearerToken, HasRole


class Moderator(HasRole):
    role = "moderator"


class QueueView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Moderator]

    @extend_schema(parameters=[Queue, *Page.PARAMETERS], responses=JudgedCommentOut(many=True))
    def get(self, request: Request) -> Response:
        """Comments and their verdicts, newest first. `status=pending` selects those that wait for a moderator."""
        asked = body_of(Queue, request.query_params.dict())
        return paged(request, JudgedComment.objects.filter(**asked), JudgedCommentOut)


class CountsView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Moderator]

    @extend_schema(responses=CountsOut)
    def get(self, request: Request) -> Response:
        """The number of comments of each status."""
        found = JudgedComment.objects.values_list("status").annotate(Count("seq"))
        return Response(dict.fromkeys(STATUSES, 0) | dict(found))


class DecisionView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Moderator]

    @extend_schema(request=Decision, responses=JudgedCommentOut)
    def post(self, request: Request, comment_id: str) -> Response:
        """Approve or reject a comment. A later decision replaces an earlier one."""
        comment = decide(comment_id=comment_id, **body_of(Decision, request.data))
        return Response(shown(JudgedCommentOut, comment))
