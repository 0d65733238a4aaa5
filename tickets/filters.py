"""The filters of the request list, in the URL: what the list shows, the tabs count and the export takes. [2] §二.3"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Count
from django.forms import DateInput, Form
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shop_cs.clock import SHANGHAI
from shop_cs.composed import composed_sizes
from shop_cs.counting import Counts
from shop_cs.fields import FIELDS, Choices
from shop_cs.kept import Kept
from shop_cs.models import Rulebook
from shop_cs.rules import Category, Kind

from . import conditions
from .arrivals import send_what_is_due, waiting
from .hands import offers as hands
from .models import ServiceRequest, State, late

ALL = "all"
TABS = {
    ALL: _("All"),
    State.PENDING: State.PENDING.label,
    State.CONFIRMING: State.CONFIRMING.label,
    State.REVIEWING: State.REVIEWING.label,
    State.CLOSED: State.CLOSED.label,
}
FIRST_TAB = State.PENDING
# Filters of free text, which is hardly typed again, and of moments worked out of the time: composed each time.
TYPED = ("order", "no")
NOT_KEPT = (*TYPED, "due", "in_review")
# Signs of a filter that is kept.
LONGEST = 1_000


def states_of(tab):
    """The states that a tab shows; None for all."""
    return None if tab == ALL else (tab,)


YES_NO = [("yes", _("Yes")), ("no", _("No"))]
LATER_ROUNDS = "2+"
ROUNDS = [("1", "1"), (LATER_ROUNDS, _("2 or later")), *((str(n), str(n)) for n in range(2, 10))]
# Days outside are typing mistakes, and the ends of the calendar cannot be moved to another zone.
DAY_BOUNDS = [
    MinValueValidator(datetime(2000, 1, 1, tzinfo=SHANGHAI).date()),
    MaxValueValidator(datetime(2100, 1, 1, tzinfo=SHANGHAI).date()),
]


def midnight(day):
    """The beginning of a local day."""
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


class FilterForm(Form):
    """The filters' own form; days in the wrong order are an error, not an empty list."""

    default_renderer = FIELDS

    def clean(self):
        first, last = self.cleaned_data.get("created_from"), self.cleaned_data.get("created_to")
        if first and last and first > last:
            self.add_error("created_to", _("The last day lies before the first."))
        return self.cleaned_data


def _day(label, method):
    return django_filters.DateFilter(
        label=label, method=method, widget=DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), validators=DAY_BOUNDS
    )


def _choice(label, choices, method=None, **options):
    return django_filters.ChoiceFilter(
        label=label, choices=Choices(choices), empty_label=_("Any"), method=method, **options
    )


class ListFilter(django_filters.FilterSet):
    """Filters of a shop's records in the URL. `now` decides what is late, whether or not a worker has noticed it.

    A tab is a state, or `ALL`; bad input makes the form invalid, and then nothing is shown that was not asked for.
    """

    first_tab = ALL

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now

    @property
    def tab_chosen(self):
        """The tab of a valid filter."""
        return self.form.cleaned_data["tab"] or self.first_tab

    @property
    def active(self):
        """How many filters are set, the tab aside; of an invalid form those that were tried."""
        if not self.form.is_valid():
            return sum(bool(self.data.get(name)) for name in self.filters if name != "tab")
        return sum(value not in (None, "") for name, value in self.form.cleaned_data.items() if name != "tab")

    def in_tab(self):
        """The rows of the chosen tab; none for an invalid form."""
        if not self.form.is_valid():
            return self.queryset.none()
        return self.qs if self.tab_chosen == ALL else self.qs.filter(state=self.tab_chosen)

    def by_state(self):
        """`Counts` of what a valid filter leaves, in one statement, whatever the tab; what has none is not there."""
        return Counts(dict(self.qs.order_by().values_list("state").annotate(left=Count("pk"))))

    def has_any(self, counts):
        """Whether there is any record at all, filters aside."""
        return bool(counts.by_state) or (bool(self.active) and self.queryset.exists())


_FORMS, _FIELDS = Kept(300), Kept(300)


class RequestFilter(ListFilter):
    """Filters of a shop's requests."""

    first_tab = FIRST_TAB

    tab = django_filters.ChoiceFilter(choices=Choices(TABS.items()), method="leave_to_tabs")
    order = django_filters.CharFilter("order__no", "icontains", label=_("Order number"), max_length=64)
    no = django_filters.CharFilter("no", "icontains", label=_("Request number"), max_length=64)
    category = _choice(_("Type"), Category.choices, field_name="category")
    kind = _choice(_("Kind"), Kind.choices, field_name="kind")
    created_from = _day(_("Created from"), "created_on_or_after")
    created_to = _day(_("Created to"), "created_on_or_before")
    overdue = _choice(pgettext_lazy("filter", "Overdue"), YES_NO, method="is_overdue")
    urged = _choice(_("Urged"), YES_NO, method="is_urged")
    round = _choice(_("Round"), ROUNDS, method="in_round")
    due = _choice(_("Due"), conditions.TODAY, method="is_due")
    open = _choice(pgettext_lazy("filter", "Open"), YES_NO, method="is_open")
    in_review = _choice(_("In review for"), conditions.IN_REVIEW, method="waits_so_long")
    answer = _choice(_("Answer"), conditions.ANSWERS, method="is_answered")
    consumer = _choice(_("Consumer's confirmation"), conditions.CONSUMER, method="has_said")
    assignee = _choice(_("Assigned to"), [], method="is_assigned_to")
    tag = _choice(_("Tag"), [], method="carries")

    class Meta:
        model = ServiceRequest
        fields = []
        form = FilterForm

    def __init__(self, *args, offers, user_id=None, **kwargs):
        """`offers` are the shop's members and tags; `user_id` is who “me” is, where somebody asks."""
        super().__init__(*args, **kwargs)
        self.offers, self.user_id = offers, user_id
        assignees = [one for one in offers.assignees() if user_id is not None or one[0] != hands.ME]
        self.filters["assignee"].extra["choices"] = Choices(assignees)
        self.filters["tag"].extra["choices"] = Choices((str(tag.pk), tag.name) for tag in offers.tags)

    @cached_property
    def _looks(self):
        """All that the form depends on: what is asked for, and what is offered in whose language."""
        said = tuple((name, tuple(self.data.getlist(name))) for name in self.filters if name in self.data)
        return get_language(), said, self.user_id is None, self.offers.assignees(), self.offers.tags

    @cached_property
    def form(self):
        """As django-filter's, looked through already: the same for all who ask the same. Nobody changes it."""
        return _FORMS.get(self._looks, self._judged) if self._is_kept else super().form

    @property
    def _is_kept(self):
        """Whether it will be asked again, and takes no room: what is typed freely is neither."""
        return self.is_bound and not any(self.data.get(name) for name in TYPED) and len(str(self._looks[1])) < LONGEST

    def _judged(self):
        form = super().form
        form.is_valid()
        return form

    def fields(self):
        """The fields as HTML."""
        return _FIELDS.get(self._looks, self._drawn) if self._is_kept else self._drawn()

    def _drawn(self):
        return render_to_string("tickets/_filter_fields.html", {"form": self.form})

    def leave_to_tabs(self, rows, name, value):
        return rows

    def created_on_or_after(self, rows, name, day):
        return rows.filter(created_at__gte=midnight(day))

    def created_on_or_before(self, rows, name, day):
        return rows.filter(created_at__lt=midnight(day + timedelta(days=1)))

    def is_overdue(self, rows, name, value):
        return rows.filter(late(self.now) if value == "yes" else ~late(self.now))

    def is_urged(self, rows, name, value):
        return rows.filter(urges__gt=0) if value == "yes" else rows.filter(urges=0)

    def in_round(self, rows, name, value):
        return rows.filter(round__gte=2) if value == LATER_ROUNDS else rows.filter(round=int(value))

    def is_due(self, rows, name, value):
        return rows.filter(conditions.due_today(self.now))

    def is_open(self, rows, name, value):
        return rows.exclude(state=State.CLOSED) if value == "yes" else rows.filter(state=State.CLOSED)

    def waits_so_long(self, rows, name, value):
        return rows.filter(conditions.in_review(value, self.now))

    def is_answered(self, rows, name, value):
        return rows.filter(conditions.answer(value))

    def has_said(self, rows, name, value):
        return rows.filter(conditions.consumer(value))

    def is_assigned_to(self, rows, name, value):
        if value == hands.ME:
            return rows.filter(assignment__member__user=self.user_id)
        return rows.filter(assignment__isnull=True) if value == hands.NOBODY else rows.filter(assignment__member=value)

    def carries(self, rows, name, value):
        return rows.filter(taggings__tag=value)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a valid filter asks for, its tab aside: `said` are (name, value), `user_id` is who “me” in it is."""

    said: tuple
    user_id: int | None

    @classmethod
    def of(cls, chosen):
        said = tuple((name, value) for name, value in chosen.form.cleaned_data.items() if value and name != "tab")
        return cls(said, chosen.user_id if ("assignee", hands.ME) in said else None)

    @property
    def is_kept(self):
        """Whether its statements can be composed once and asked often."""
        return not any(name in NOT_KEPT for name, _value in self.said)

    def rows(self, shop_id, now):
        """The shop's requests that it leaves at `now`."""
        rows = ServiceRequest.objects.of(shop_id).visible_to_merchant()
        bare = RequestFilter(queryset=rows, now=now, offers=hands.NOTHING, user_id=self.user_id)
        for name, value in self.said:
            rows = bare.filters[name].filter(rows, value)
        return rows


@composed_sizes
def _by_state(shop_id, now, *, asked, states, most, is_far):
    rows = asked.rows(shop_id, now)
    cuts = [None if is_far and state != State.CLOSED else most + 1 for state in states]
    by_state = [rows.filter(state=state).order_by()[:cut] for state, cut in zip(states, cuts, strict=True)]
    return [waiting(shop_id, now), Rulebook.objects.confirming_at(now), *by_state]


def counted(shop, now, *, asked, states, most, is_far=False):
    """(`Counts` of what the shop has of it in these states, whether consumers are asked to confirm), in one statement.

    What is due is sent before. Each is counted no further than `most`: a table may grow, the list is no slower.
    For who leafs far beyond that what is open is counted to its end.
    """
    ask = _by_state if asked.is_kept else _by_state.anew
    said = {"asked": asked, "states": states, "most": most, "is_far": is_far}
    is_due, *found = ask(shop.pk, now, **said)
    if is_due and send_what_is_due(shop, now=now):
        _due, *found = ask(shop.pk, now, **said)
    confirming, *found = found
    return Counts({state: size for state, size in zip(states, found, strict=True) if size}, most), bool(confirming)


def filtered(shop, params, now, user_id=None):
    """What a URL asks for of a shop's requests: (filter, queryset of its tab, most urgent first). See `asked_for`."""
    chosen = asked_for(shop, params, now, user_id)
    return chosen, chosen.in_tab().most_urgent_first()


def asked_for(shop, params, now, user_id=None):
    """The filter for what a URL asks for. `user_id` is who asks: without him nobody is “me”.

    Bad input makes its form invalid and its queryset empty: nothing is shown that was not asked for.
    """
    mine = ServiceRequest.objects.of(shop).visible_to_merchant()
    return RequestFilter(params, queryset=mine, now=now, offers=hands.of(shop, user_id), user_id=user_id)
