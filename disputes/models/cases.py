"""The arbitration case: the platform judges between consumer and merchant. [0] §三; and what the merchant offers."""

from django.db import models
from django.db.models import Case as Choose
from django.db.models import F, Q, When
from django.utils.translation import gettext_lazy as _

from shop_cs.models import AfterSale, Order, Rulebook, ScopedQuerySet, Shop, User, managers, tracked
from tickets.models import ServiceRequest


class CaseState(models.TextChoices):
    COLLECTING = "collecting", _("Collecting evidence")
    NEGOTIATING = "negotiating", _("Negotiating")
    ARBITRATING = "arbitrating", _("Arbitrating")
    PAYING = "paying", _("Awaiting payment")
    CONFIRMING = "confirming", _("Awaiting the second reviewer")
    CLOSED = "closed", _("Closed")


class Outcome(models.TextChoices):
    """How a case was decided; settled: both sides agreed."""

    CONSUMER = "consumer", _("For the consumer")
    MERCHANT = "merchant", _("For the merchant")
    SHARED = "shared", _("Shared")
    SETTLED = "settled", _("Agreed by both sides")
    WITHDRAWN = "withdrawn", _("Withdrawn by the consumer")


class Blame(models.TextChoices):
    """Who is to blame; the platform's open API has these five."""

    MERCHANT = "merchant", _("Merchant")
    CONSUMER = "consumer", _("Consumer")
    BOTH = "both", _("Both")
    PLATFORM = "platform", _("Platform")
    INFLUENCER = "influencer", _("Influencer")


class Scene(models.TextChoices):
    """Why a ruling for the consumer does not count in the liability rate. [0] names such scenes; these are assumed."""

    SERVICE = "service", _("Support to serve the consumer better")
    COURIER = "courier", _("The courier's fault")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")
    INFLUENCER = "influencer", _("The influencer's false promise")
    PLATFORM = "platform", _("The platform's own fault")
    OTHER = "other", _("Other")


class Remedy(models.TextChoices):
    """What the consumer gets."""

    AMOUNT = "amount", _("Amount of money")
    RESEND = "resend", _("Resend")


OPEN_API_STATUS = {CaseState.ARBITRATING: 1, CaseState.COLLECTING: 4, CaseState.NEGOTIATING: 5}
OPEN_API_ENDED = 255
OPEN_API_BLAME = {Blame.MERCHANT: 1, Blame.CONSUMER: 2, Blame.BOTH: 3, Blame.PLATFORM: 4, Blame.INFLUENCER: 5}
RULED_OUTCOMES = (Outcome.CONSUMER, Outcome.MERCHANT, Outcome.SHARED)
# Who has to do with the shop's part in the blame: the others' fault is none of its liability.
MERCHANT_BLAMES = (Blame.MERCHANT, Blame.BOTH)


def counting():
    """Cases that count against their shop: lost in whole or part by its own blame, in no excepted scene. [0] §三"""
    return Q(
        outcome__in=[Outcome.CONSUMER, Outcome.SHARED],
        blame__in=MERCHANT_BLAMES,
        counts=True,
        cleared_at__isnull=True,
    )


class CaseQuerySet(ScopedQuerySet):
    """The words of the business."""

    def open(self):
        return self.exclude(state=CaseState.CLOSED)

    def closed(self):
        return self.filter(state=CaseState.CLOSED)

    def waiting_on_merchant(self):
        """What the merchant can still do something about: evidence and payment."""
        return self.filter(state__in=[CaseState.COLLECTING, CaseState.PAYING])

    def arbitrating(self):
        return self.filter(state=CaseState.ARBITRATING)

    def confirming(self):
        return self.filter(state=CaseState.CONFIRMING)

    def evidence_over(self, now):
        """What is brought at the deadline's very instant is in time, so only what is later."""
        return self.filter(state=CaseState.COLLECTING, deadline__lt=now)

    def due_soon(self, now):
        return self.filter(state=CaseState.COLLECTING, due_soon_at__lte=now, due_soon_told_at__isnull=True)

    def offer_over(self, now):
        return self.filter(state=CaseState.NEGOTIATING, offer_until__lt=now)

    def unpaid(self, now):
        return self.filter(state=CaseState.PAYING, pay_due__lt=now)

    def counting(self):
        return self.filter(counting())

    def won_by_merchant(self):
        return self.filter(outcome=Outcome.MERCHANT)

    def most_urgent_first(self):
        """What waits for the merchant by its deadline, then what others have to do, then what is closed."""
        return self.annotate(
            turn=Choose(
                When(state__in=[CaseState.COLLECTING, CaseState.PAYING], then=0),
                When(state=CaseState.CLOSED, then=2),
                default=1,
            ),
            until=Choose(
                When(state=CaseState.COLLECTING, then=F("deadline")), When(state=CaseState.PAYING, then=F("pay_due"))
            ),
        ).order_by("turn", "until", "-opened_at", "-pk")

    def longest_waiting_first(self):
        return self.order_by("arbitrating_since", "pk")


class Case(models.Model):
    """A case and where it stands. Its status is written by `shop_cs.moves` alone; amounts in whole fen.

    `deadline` ends the current round of evidence (working clock), `pay_due` the time to pay (wall clock).
    `counts` says whether the ruling counts in the liability rate, `scene` why not; `cleared_at` that a granted
    appeal took it out.
    """

    no = models.CharField(_("case number"), max_length=64, unique=True)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="cases", verbose_name=_("shop"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="cases", verbose_name=_("order"))
    after_sale = models.ForeignKey(AfterSale, models.PROTECT, related_name="cases", verbose_name=_("after-sale"))
    request = models.ForeignKey(
        ServiceRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("request"),
    )
    rulebook = models.ForeignKey(Rulebook, models.PROTECT, related_name="+", verbose_name=_("rulebook"))
    claim = models.TextField(_("consumer's claim"))
    claim_fen = models.BigIntegerField(_("amount claimed"))

    state = models.CharField(_("status"), max_length=16, choices=CaseState)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("opened by"))
    # The sender's own name for what he submitted: the same submission twice is one case.
    submission = models.CharField(_("submission"), max_length=64, unique=True, null=True, blank=True, editable=False)  # noqa: DJ001

    round_opened_at = models.DateTimeField(_("round opened at"))
    deadline = models.DateTimeField(_("evidence until"))
    due_soon_at = models.DateTimeField(_("notice before the deadline at"), null=True, blank=True)
    due_soon_told_at = models.DateTimeField(_("noticed before the deadline at"), null=True, blank=True)
    merchant_statement = models.TextField(_("merchant's statement"), blank=True)
    merchant_stated_at = models.DateTimeField(_("merchant stated at"), null=True, blank=True)
    merchant_late_at = models.DateTimeField(_("merchant silent since"), null=True, blank=True)
    consumer_statement = models.TextField(_("consumer's statement"), blank=True)
    consumer_stated_at = models.DateTimeField(_("consumer stated at"), null=True, blank=True)
    consumer_late_at = models.DateTimeField(_("consumer silent since"), null=True, blank=True)
    offer_until = models.DateTimeField(_("offer open until"), null=True, blank=True)
    arbitrating_since = models.DateTimeField(_("arbitrating since"), null=True, blank=True)

    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome, blank=True)
    remedy = models.CharField(_("remedy"), max_length=16, choices=Remedy, blank=True)
    award_fen = models.BigIntegerField(_("amount awarded"), null=True, blank=True)
    blame = models.CharField(_("blame"), max_length=16, choices=Blame, blank=True)
    counts = models.BooleanField(_("counts in the liability rate"), default=True)
    scene = models.CharField(_("scene"), max_length=16, choices=Scene, blank=True)
    ruling_reason = models.TextField(_("reason of the ruling"), blank=True)
    ruled_at = models.DateTimeField(_("ruled at"), null=True, blank=True)
    ruled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ruled by")
    )
    pay_due = models.DateTimeField(_("to be paid until"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    paid_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("paid by")
    )
    payment_note = models.CharField(_("how it was paid"), max_length=500, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    cleared_at = models.DateTimeField(_("out of the liability rate since"), null=True, blank=True)

    everything, objects = managers(CaseQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("arbitration case")
        verbose_name_plural = _("arbitration cases")
        ordering = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["shop", "state", "deadline"], name="case_tab"),
            models.Index(fields=["shop", "-opened_at"], name="case_newest"),
            models.Index(fields=["deadline"], condition=Q(state="collecting"), name="case_deadline"),
            models.Index(
                fields=["due_soon_at"],
                condition=Q(state="collecting", due_soon_told_at__isnull=True),
                name="case_due_soon",
            ),
            models.Index(fields=["offer_until"], condition=Q(state="negotiating"), name="case_offer"),
            models.Index(fields=["arbitrating_since"], condition=Q(state="arbitrating"), name="case_queue"),
            models.Index(fields=["pay_due"], condition=Q(state="paying"), name="case_pay_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["after_sale"], name="case_once_an_after_sale"),
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state_known"),
            models.CheckConstraint(condition=Q(outcome__in=["", *Outcome.values]), name="case_outcome_known"),
            models.CheckConstraint(condition=Q(remedy__in=["", *Remedy.values]), name="case_remedy_known"),
            models.CheckConstraint(condition=Q(blame__in=["", *Blame.values]), name="case_blame_known"),
            models.CheckConstraint(condition=Q(scene__in=["", *Scene.values]), name="case_scene_known"),
            models.CheckConstraint(condition=Q(claim_fen__gt=0), name="case_claim_positive"),
            models.CheckConstraint(condition=Q(round__gte=1), name="case_round_positive"),
            models.CheckConstraint(
                condition=Q(award_fen__isnull=True) | Q(award_fen__gt=0), name="case_award_positive"
            ),
            models.CheckConstraint(
                condition=~Q(state="negotiating") | Q(offer_until__isnull=False), name="case_negotiating_has_offer"
            ),
            models.CheckConstraint(
                condition=~Q(state="arbitrating") | Q(arbitrating_since__isnull=False), name="case_queued_since"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["paying", "confirming"])
                | Q(pay_due__isnull=False, outcome__in=["consumer", "shared", "settled"]),
                name="case_paying_has_due",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["consumer", "shared"]) | Q(award_fen__isnull=False, remedy="amount"),
                name="case_won_has_award",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["consumer", "merchant", "shared"])
                | (Q(ruled_at__isnull=False) & ~Q(blame="") & ~Q(ruling_reason="")),
                name="case_ruling_is_whole",
            ),
            models.CheckConstraint(condition=Q(counts=True) | ~Q(scene=""), name="case_exception_names_scene"),
            models.CheckConstraint(
                condition=Q(ruled_at__isnull=True, ruled_by__isnull=True)
                | Q(ruled_at__isnull=False, ruled_by__isnull=False),
                name="case_ruled_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(paid_at__isnull=True, paid_by__isnull=True)
                | Q(paid_at__isnull=False, paid_by__isnull=False),
                name="case_paid_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | Q(~Q(state="closed"), closed_at__isnull=True),
                name="case_closed_at_when_closed",
            ),
            models.CheckConstraint(condition=~Q(state="closed") | ~Q(outcome=""), name="case_closed_has_outcome"),
        ]

    def __str__(self):
        return self.no

    @property
    def path(self):
        """Its page on the workbench."""
        return f"/s/{self.shop.no}/cases/{self.no}/"

    @property
    def open_api_status(self):
        return OPEN_API_STATUS.get(self.state, OPEN_API_ENDED)

    @property
    def open_api_blame(self):
        return OPEN_API_BLAME.get(self.blame)

    @property
    def is_against_merchant(self):
        """Whether the ruling went against the shop, in whole or in part."""
        return self.outcome in {Outcome.CONSUMER, Outcome.SHARED}

    @property
    def is_counting(self):
        """As `counting()`, of this row."""
        return bool(
            self.is_against_merchant and self.blame in MERCHANT_BLAMES and self.counts and self.cleared_at is None
        )


class InArbitration(Case):
    """The arbitration queue's view of a case. Nothing is written through it: what a proxy saves has no history."""

    class Meta:
        proxy = True
        verbose_name = _("case in arbitration")
        verbose_name_plural = _("cases in arbitration")


class AwaitingSecond(Case):
    """The second reviewer's view of a case. Nothing is written through it: what a proxy saves has no history."""

    class Meta:
        proxy = True
        verbose_name = _("case awaiting the second reviewer")
        verbose_name_plural = _("cases awaiting the second reviewer")


class Offer(models.Model):
    """What the merchant offers while it is negotiated, and what the consumer says to it. Amount in whole fen."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="offers", verbose_name=_("case"))
    number = models.PositiveSmallIntegerField(_("number"))
    remedy = models.CharField(_("remedy"), max_length=16, choices=Remedy)
    amount_fen = models.BigIntegerField(_("amount"), null=True, blank=True)
    text = models.TextField(_("offer"), blank=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("made by"))
    expires_at = models.DateTimeField(_("open until"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    accepted = models.BooleanField(_("accepted"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    lapsed_at = models.DateTimeField(_("lapsed at"), null=True, blank=True)

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="offer_number_once_a_case"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(answered_at__isnull=True, lapsed_at__isnull=True),
                name="offer_one_open_a_case",
            ),
            models.CheckConstraint(
                condition=Q(remedy="amount", amount_fen__isnull=False, amount_fen__gt=0)
                | Q(remedy="resend", amount_fen__isnull=True),
                name="offer_amount_or_resend",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, accepted__isnull=True)
                | Q(answered_at__isnull=False, accepted__isnull=False, lapsed_at__isnull=True),
                name="offer_answer_is_whole",
            ),
        ]

    def __str__(self):
        return f"{self.case_id} #{self.number}"

    @property
    def is_open(self):
        return self.answered_at is None and self.lapsed_at is None
