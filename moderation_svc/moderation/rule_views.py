from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from moderation.models import Rule
from moderation.rule_book import Refused, add_rule, preview, remove_rule
from moderation.rule_serializers import PreviewOut, RuleIn, RuleOut, RulesOut
from moderation.views import Moderator
from svc_chassis.audit.trail import REASON, audited
from svc_chassis.web.fields import body_of, shown
from svc_chassis.web.tokens import BearerToken, holder_of


class RulesView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Moderator]

    @extend_schema(responses=RulesOut)
    def get(self, request: Request) -> Response:
        """The banned words of the environment, and the rules that moderators added to them."""
        words = [word.strip() for word in settings.MODERATION_BANNED_WORDS if word.strip()]
        return Response(shown(RulesOut, {"environment": words, "added": Rule.objects.order_by("-seq")}))

    @extend_schema(parameters=[REASON], request=RuleIn, responses={201: RuleOut})
    def post(self, request: Request) -> Response:
        """Add a rule. It applies to comments judged from now on; earlier verdicts stay."""
        asked = body_of(RuleIn, request.data)
        try:
            with audited(request, "add rule", kind=asked["kind"], text=asked["text"]):
                rule = add_rule(**asked, moderator=holder_of(request).name)
        except Refused as error:
            raise ValidationError({"text": str(error)}) from error
        return Response(shown(RuleOut, rule), status=status.HTTP_201_CREATED)


class RuleView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Moderator]

    @extend_schema(parameters=[REASON], responses={204: None})
    def delete(self, request: Request, rule_id: str) -> HttpResponse:
        """Remove a rule that a moderator added. Those of the environment stay."""
        with audited(request, "remove rule", rule_id) as detail:
            rule = remove_rule(rule_id=rule_id)
            detail |= {"kind": rule.kind, "text": rule.text}
        return Response(status=status.HTTP_204_NO_CONTENT)


class PreviewView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Moderator]

    @extend_schema(parameters=[RuleIn], responses=PreviewOut)
    def get(self, request: Request) -> Response:
        """What a rule would have changed among the last 500 comments. It is not added."""
        try:
            found = preview(**body_of(RuleIn, request.query_params.dict()))
        except Refused as error:
            raise ValidationError({"text": str(error)}) from error
        return Response(shown(PreviewOut, found))
