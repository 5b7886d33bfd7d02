from django.urls import path

from moderation.rule_views import PreviewView, RulesView, RuleView
from moderation.views import (
    CommentView,
    CountsView,
    DecisionsView,
    DecisionView,
    ModerationAuditView,
    PostView,
    QueueView,
)
from svc_chassis.inbox.urls import doors
from svc_chassis.urls import handler400, handler404, handler500

urlpatterns = [
    path("moderation/comments", QueueView.as_view()),
    path("moderation/audit", ModerationAuditView.as_view()),
    path("moderation/counts", CountsView.as_view()),
    path("moderation/comments/<id:comment_id>", CommentView.as_view()),
    path("moderation/posts/<id:post_id>", PostView.as_view()),
    path("moderation/comments/<id:comment_id>/decision", DecisionView.as_view()),
    path("moderation/decisions", DecisionsView.as_view()),
    path("moderation/rules", RulesView.as_view()),
    path("moderation/rules/preview", PreviewView.as_view()),
    path("moderation/rules/<id:rule_id>", RuleView.as_view()),
    *doors,
]

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]
