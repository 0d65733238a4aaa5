"""What was said and shown in a request: replies, contact attempts, evidence, surveys, reviews."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop_cs.models import Evidence, ScopedQuerySet, Shop, User, managers, tracked

from .requests import ServiceRequest


class Reply(models.Model):
    """The merchant's answer, once a round: solved, or unsolved with its true reason. [2] §三.4, [4] §一"""

    class Reason(models.TextChoices):
        UNREACHABLE = "unreachable", _("Consumer not reachable")
        NO_AGREEMENT = "no_agreement", _("No agreement with the consumer")
        FORCE_MAJEURE = "force_majeure", _("Force majeure")
        MALICIOUS_USER = "malicious_user", _("Malicious user")
        COURIER_FAULT = "courier_fault", _("Courier's fault")
        INFLUENCER_FAULT = "influencer_fault", _("Influencer's fault")
        CLAIM_UNSUPPORTED = "claim_unsupported", _("Claim not supported")
        OTHER = "other", _("Other")

    class Settlement(models.TextChoices):
        """What a solved reply claims; the first two must carry proof. [2] §三.3"""

        AGREED = "agreed", _("Agreed with the consumer")
        REFUNDED = "refunded", _("Already refunded")
        DONE = "done", _("Done as the consumer wished")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="replies", verbose_name=_("request"))
    round = models.PositiveSmallIntegerField(_("round"))
    solved = models.BooleanField(_("solved"))
    settlement = models.CharField(_("how it was settled"), max_length=16, choices=Settlement, blank=True)
    reason = models.CharField(_("reason"), max_length=32, choices=Reason, blank=True)
    text = models.TextField(_("reply"))
    proposal = models.TextField(_("proposed solution"), blank=True)
    replied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("replied by"))
    replied_at = models.DateTimeField(_("replied at"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["request", "round"], name="reply_once_a_round"),
            models.CheckConstraint(
                condition=Q(~Q(settlement=""), solved=True, reason="") | Q(~Q(reason=""), solved=False, settlement=""),
                name="reply_solved_or_reason",
            ),
        ]

    def __str__(self):
        return f"{self.request_id} #{self.round}"


class ContactAttempt(models.Model):
    """The merchant tried to reach the consumer. [3]: each talk is recorded."""

    class Channel(models.TextChoices):
        CALL = "call", _("Call")
        MESSAGE = "message", _("Message")

    class Result(models.TextChoices):
        REACHED = "reached", _("Reached")
        NO_ANSWER = "no_answer", _("No answer")
        REFUSED = "refused", _("Refused to talk")
        WRONG_NUMBER = "wrong_number", _("Wrong number")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="contacts", verbose_name=_("request"))
    channel = models.CharField(_("channel"), max_length=16, choices=Channel)
    contacted_at = models.DateTimeField(_("when"))
    result = models.CharField(_("result"), max_length=16, choices=Result)
    note = models.CharField(_("note"), max_length=500, blank=True)
    logged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("logged by"))
    logged_at = models.DateTimeField(_("logged at"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("contact attempt")
        verbose_name_plural = _("contact attempts")
        ordering = ["contacted_at", "pk"]

    def __str__(self):
        return f"{self.request_id} {self.channel}"


class Attachment(models.Model):
    """A piece of the order's vault that was shown in this request."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="attachments", verbose_name=_("request"))
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, related_name="request_attachments", verbose_name=_("evidence")
    )
    round = models.PositiveSmallIntegerField(_("round"))
    proves = models.CharField(_("what it proves"), max_length=200, blank=True)
    # Which piece of the catalogue it is, by its code; "" for none of them.
    item = models.CharField(_("piece of the catalogue"), max_length=40, blank=True)
    attached_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("attached by"))
    attached_at = models.DateTimeField(_("attached at"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["attached_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["request", "evidence"], name="attachment_once_a_request")]

    def __str__(self):
        return f"{self.request_id} {self.evidence_id}"


class Survey(models.Model):
    """The question to the consumer whether the problem is solved, once a round. [2] §二.5.4"""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="surveys", verbose_name=_("request"))
    round = models.PositiveSmallIntegerField(_("round"))
    send_at = models.DateTimeField(_("to be sent at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    satisfied = models.BooleanField(_("satisfied"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["round"]
        indexes = [
            models.Index(fields=["send_at"], condition=Q(sent_at__isnull=True), name="survey_to_send"),
            models.Index(fields=["answered_at"], condition=Q(satisfied=False), name="survey_dissatisfied"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["request", "round"], name="survey_once_a_round"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, satisfied__isnull=True)
                | Q(answered_at__isnull=False, satisfied__isnull=False, sent_at__isnull=False),
                name="survey_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, expires_at__isnull=True)
                | Q(sent_at__isnull=False, expires_at__isnull=False),
                name="survey_sent_expires",
            ),
        ]

    def __str__(self):
        return f"{self.request_id} #{self.round}"


class Review(models.Model):
    """The reviewer's decision, once a round."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="reviews", verbose_name=_("request"))
    round = models.PositiveSmallIntegerField(_("round"))
    approved = models.BooleanField(_("approved"))
    reason = models.TextField(_("reason"), blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("reviewed by"))
    reviewed_at = models.DateTimeField(_("reviewed at"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["round"]
        indexes = [models.Index(fields=["reviewed_at"], condition=Q(approved=False), name="review_rejected")]
        constraints = [
            models.UniqueConstraint(fields=["request", "round"], name="review_once_a_round"),
            models.CheckConstraint(condition=Q(approved=True) | ~Q(reason=""), name="review_rejection_has_reason"),
        ]

    def __str__(self):
        return f"{self.request_id} #{self.round}"
