"""The audit trail of a service: what people did there with a role's token."""

from django.db import models

from svc_chassis.web.ids import LONGEST, new_id


class AuditEntry(models.Model):
    """One action of a person. It is committed with what the action changed, and never changed or pruned."""

    seq = models.BigAutoField(primary_key=True)
    id = models.CharField(max_length=36, unique=True, default=new_id)
    time = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=40, help_text="Whose token it was; the role, if the token has no name.")
    action = models.CharField(max_length=40)
    target = models.CharField(max_length=LONGEST, blank=True, help_text="The id or name of what it was done to.")
    reason = models.TextField(null=True, help_text="Why, as the actor says.")
    detail = models.JSONField(help_text="How, by name.")

    class Meta:
        indexes = [models.Index("target", "seq", name="audit_of_target")]
