"""The service request: what a platform agent asks of a merchant on a consumer's behalf."""

from datetime import timedelta

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from shop_cs.models import AfterSale, Order, Rulebook, ScopedQuerySet, Shop, User, managers, tracked
from shop_cs.rules import Category, Kind


class State(models.TextChoices):
    SCHEDULED = "scheduled", _("Scheduled")
    PENDING = "pending", _("Pending")
    CONFIRMING = "confirming", _("Consumer confirming")
    REVIEWING = "reviewing", _("Platform processing")
    CLOSED = "closed", _("Closed")


# What `most_urgent_first` strings together, each with its order.
STRETCHES = (
    ((State.PENDING,), ("deadline", "-created_at", "-pk")),
    ((State.SCHEDULED, State.CONFIRMING, State.REVIEWING), ("-created_at", "-pk")),
    ((State.CLOSED,), ("-created_at", "-pk")),
)

# The platform's public open API knows these values; what is scheduled does not exist there yet.
OPEN_API_STATUS = {State.PENDING: 0, State.CONFIRMING: 5, State.REVIEWING: 10, State.CLOSED: 100}


_NAMES = {"kind": dict(Kind.choices), "category": dict(Category.choices), "state": dict(State.choices)}


def late_now(now):
    """Requests that wait for a merchant whose time is over, whether or not a worker has noticed it."""
    return Q(state=State.PENDING, deadline__lt=now)


def late(now):
    """Requests that missed a deadline, once or now."""
    return Q(overdue_at__isnull=False) | late_now(now)


def stretches(sizes, first, after):
    """[(states, order, first, after)]: where the places from `first` to before `after` of `most_urgent_first` lie, when
    there are so many of each state as `sizes` says. Each has an index in its order: no page reads more than its way."""
    found = []
    for states, order in STRETCHES:
        there = tuple(state for state in states if sizes.get(state))
        size = sum(sizes[state] for state in there)
        if there and first < size and after > 0:
            found.append((there, order, max(first, 0), min(after, size)))
        first, after = first - size, after - size
    return found


class ServiceRequestQuerySet(ScopedQuerySet):
    """The words of the business."""

    def visible_to_merchant(self):
        """[2] §一.1: what waits for the opening does not exist yet for the merchant."""
        return self.exclude(state=State.SCHEDULED)

    def scheduled(self):
        return self.filter(state=State.SCHEDULED)

    def pending(self):
        return self.filter(state=State.PENDING)

    def confirming(self):
        return self.filter(state=State.CONFIRMING)

    def reviewing(self):
        return self.filter(state=State.REVIEWING)

    def closed(self):
        return self.filter(state=State.CLOSED)

    def open(self):
        return self.exclude(state=State.CLOSED)

    def to_send(self, now):
        return self.scheduled().filter(send_at__lte=now)

    def past_deadline(self, now):
        """A reply at the deadline's very instant is in time, so only what is later."""
        return self.filter(late_now(now))

    def due_soon(self, now):
        return self.pending().filter(due_soon_at__lte=now, due_soon_told_at__isnull=True)

    def unconfirmed(self, now):
        return self.confirming().filter(confirm_until__lt=now)

    def platform_late(self, now):
        return self.reviewing().filter(review_due__lt=now, platform_late_at__isnull=True)

    def most_urgent_first(self):
        """Pending by deadline, then what others have to do, then what is closed; newest first among those."""
        return self.annotate(
            turn=Case(When(state=State.PENDING, then=0), When(state=State.CLOSED, then=2), default=1),
            until=Case(When(state=State.PENDING, then=F("deadline"))),
        ).order_by("turn", "until", "-created_at", "-pk")

    def stretch(self, states, order, first, after):
        """The rows of these states in this order from place `first` to before `after`: one of `stretches`."""
        mine = self.filter(state=states[0]) if len(states) == 1 else self.filter(state__in=states)
        # The index alone is walked, and only what is shown is read and joined: however far away it is, and also where a
        # plan that was made for the usual shop serves the largest.
        keys = mine.order_by(*order).values("pk")[first:after]
        return self.filter(pk__in=keys).order_by(*order)

    def following(self, created_at, pk, most):
        """The first `most` closed rows that come in `most_urgent_first` after the closed one with these, however far
        down it stands."""
        # The index goes by the instant alone; the rest tells apart what was made in the same one.
        later = self.filter(Q(created_at__lt=created_at) | Q(pk__lt=pk), created_at__lte=created_at)
        return later.stretch(*STRETCHES[-1], 0, most)

    def oldest_review_first(self):
        return self.order_by("reviewing_since", "pk")


class ServiceRequest(models.Model):
    """A request and where it stands. Its status is written by `shop_cs.moves` alone.

    `deadline` is the current round's, computed once when the round opens; `overdue_at` is the first deadline that
    was missed and stays for ever. `limit_minutes` are minutes of the working clock.
    """

    no = models.CharField(_("request number"), max_length=64, unique=True)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="requests", verbose_name=_("shop"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="requests", verbose_name=_("order"))
    after_sale = models.ForeignKey(
        AfterSale,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("after-sale"),
    )
    rulebook = models.ForeignKey(Rulebook, models.PROTECT, related_name="+", verbose_name=_("rulebook"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    category = models.CharField(_("type"), max_length=32, choices=Category)
    detail = models.TextField(_("consumer's claim"))
    limit_minutes = models.PositiveIntegerField(_("limit, working minutes"))

    state = models.CharField(_("status"), max_length=16, choices=State)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("sent by"))
    # The sender's own name for what he submitted: the same submission twice is one request.
    submission = models.CharField(_("submission"), max_length=64, unique=True, null=True, blank=True, editable=False)  # noqa: DJ001
    send_at = models.DateTimeField(_("to be sent at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    round_opened_at = models.DateTimeField(_("round opened at"), null=True, blank=True)
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    due_soon_at = models.DateTimeField(_("notice before the deadline at"), null=True, blank=True)
    due_soon_told_at = models.DateTimeField(_("noticed before the deadline at"), null=True, blank=True)
    overdue_at = models.DateTimeField(_("overdue since"), null=True, blank=True)
    last_overdue_round = models.PositiveSmallIntegerField(_("last overdue round"), null=True, blank=True)

    confirm_until = models.DateTimeField(_("consumer confirms until"), null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    last_reminded_at = models.DateTimeField(_("last reminded at"), null=True, blank=True)
    reviewing_since = models.DateTimeField(_("in review since"), null=True, blank=True)
    review_due = models.DateTimeField(_("review due"), null=True, blank=True)
    platform_late_at = models.DateTimeField(_("platform late since"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    urges = models.PositiveIntegerField(_("urges"), default=0)
    last_urged_at = models.DateTimeField(_("last urged at"), null=True, blank=True)

    everything, objects = managers(ServiceRequestQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("service request")
        verbose_name_plural = _("service requests")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["shop", "state", "deadline", "-created_at", "-id"], name="request_tab"),
            models.Index(fields=["shop", "state", "-created_at", "-id"], name="request_tab_newest"),
            models.Index(fields=["shop", "-created_at"], name="request_newest"),
            models.Index(fields=["-created_at", "-id"], name="request_newest_of_all"),
            models.Index(fields=["shop", "state"], condition=Q(urges__gt=0), name="request_urged_of_shop"),
            # All that the desk counts of what is open, of a shop or of all: nothing else need be read.
            models.Index(
                fields=["shop", "state", "deadline", "reviewing_since", "overdue_at", "urges", "category"],
                condition=Q(state__in=["pending", "confirming", "reviewing"]),
                name="request_open",
            ),
            # What the platform's first page counts.
            models.Index(fields=["urges"], condition=~Q(state="closed") & Q(urges__gt=0), name="request_urged"),
            models.Index(
                fields=["review_due", "platform_late_at"], condition=Q(state="reviewing"), name="request_review_time"
            ),
            models.Index(fields=["send_at"], condition=Q(state="scheduled"), name="request_to_send"),
            models.Index(fields=["deadline"], condition=Q(state="pending"), name="request_deadline"),
            models.Index(
                fields=["due_soon_at"],
                condition=Q(state="pending", due_soon_told_at__isnull=True),
                name="request_due_soon",
            ),
            models.Index(fields=["confirm_until"], condition=Q(state="confirming"), name="request_confirm"),
            models.Index(fields=["overdue_at"], condition=Q(overdue_at__isnull=False), name="request_overdue"),
            models.Index(fields=["reviewing_since"], condition=Q(state="reviewing"), name="request_review"),
            models.Index(fields=["shop", "category", "-closed_at"], condition=Q(state="closed"), name="request_past"),
            models.Index(
                fields=["review_due"],
                condition=Q(state="reviewing", platform_late_at__isnull=True),
                name="request_review_due",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="request_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="request_kind_known"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="request_category_known"),
            models.CheckConstraint(condition=Q(limit_minutes__gte=1), name="request_limit_positive"),
            models.CheckConstraint(condition=Q(round__gte=1), name="request_round_positive"),
            models.CheckConstraint(
                condition=Q(state="scheduled", sent_at__isnull=True, deadline__isnull=True)
                | Q(~Q(state="scheduled"), sent_at__isnull=False, deadline__isnull=False),
                name="request_sent_has_deadline",
            ),
            models.CheckConstraint(
                condition=Q(overdue_at__isnull=True, last_overdue_round__isnull=True)
                | Q(overdue_at__isnull=False, last_overdue_round__isnull=False),
                name="request_overdue_names_round",
            ),
            models.CheckConstraint(
                condition=~Q(state="reviewing") | Q(reviewing_since__isnull=False, review_due__isnull=False),
                name="request_review_has_clock",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | Q(~Q(state="closed"), closed_at__isnull=True),
                name="request_closed_at_when_closed",
            ),
        ]

    def __str__(self):
        return self.no

    @property
    def limit(self):
        """Working time allowed for the current round."""
        return timedelta(minutes=self.limit_minutes)

    @property
    def counts_from(self):
        """From when its limit is counted: what waits for the opening from its creation, of which nothing runs."""
        return self.created_at if self.round == 1 else self.round_opened_at

    # As Django's, which puts all choices in order anew each time.
    def get_kind_display(self):
        return str(_NAMES["kind"].get(self.kind, self.kind))

    def get_category_display(self):
        return str(_NAMES["category"].get(self.category, self.category))

    def get_state_display(self):
        return str(_NAMES["state"].get(self.state, self.state))

    @property
    def overdue_this_round(self):
        return self.last_overdue_round == self.round

    @property
    def path(self):
        """Its page on the workbench."""
        return f"/s/{self.shop.no}/requests/{self.no}/"

    @property
    def open_api_status(self):
        return OPEN_API_STATUS.get(self.state)


class InReview(ServiceRequest):
    """The review queue's view of a request. Nothing is written through it: what a proxy saves has no history."""

    class Meta:
        proxy = True
        verbose_name = _("request in review")
        verbose_name_plural = _("requests in review")
