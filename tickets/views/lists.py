"""The list of a shop's requests: tabs with counts, filters in the URL, the most urgent first. [2] §二.3"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.paginator import InvalidPage, Paginator
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.access import may
from shop_cs.composed import composed
from shop_cs.exporting.kinds import without_place
from shop_cs.models import Rulebook
from shop_cs.moves import no_permission
from shop_cs.pages import MerchantPage

from .. import filters
from ..actions.opening import RulesOf
from ..hands import offers as hands
from ..hands import picking, saved
from ..models import State, Tagging
from ..models.requests import stretches
from ..rows import drawn, row
from ..standing import standing
from . import undoing

PAGE_SIZE = 50
# So many of each state are counted for the tabs; who leafs further has them counted to the end.
MOST_COUNTED = picking.MOST
SHOWN_STATES = (State.PENDING, State.CONFIRMING, State.REVIEWING, State.CLOSED)
FORMATS = (("csv", "CSV"), ("xlsx", "XLSX"))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MARK = re.compile(r"([0-9]{1,17})-([0-9]{1,18})")


# What a row is made of, and what its standing is by its state. Each moment less is felt: fifty rows have hundreds.
SHOWN = (
    *("no", "shop", "rulebook", "category", "kind", "state", "round", "urges", "created_at", "overdue_at"),
    *("last_overdue_round", "order__no", "order__product", "assignment__member"),
)
STANDS_BY = {
    State.PENDING: ("deadline", "limit_minutes"),
    State.CONFIRMING: ("confirm_until",),
    State.REVIEWING: ("reviewing_since", "review_due"),
    State.CLOSED: ("closed_at",),
}


@dataclass(frozen=True, slots=True)
class MostUrgent:
    """What a paginator cuts its pages from: `sizes` says how many of each state there are."""

    shop_id: int
    now: datetime
    asked: filters.Asked
    sizes: dict

    def __getitem__(self, place):
        ask = _stretch if self.asked.is_kept else _stretch.anew
        found = stretches(self.sizes, place.start, place.stop)
        return [record for one in found for record in ask(self.shop_id, self.now, asked=self.asked, stretch=one)]


@dataclass(frozen=True, slots=True)
class Cut:
    """What was read of a long list already, from its place `first` on."""

    first: int
    rows: list

    def __getitem__(self, place):
        return self.rows[place.start - self.first : place.stop - self.first]


@composed
def _stretch(shop_id, now, *, asked, stretch):
    """The rows of a stretch, with so much of each as the table shows."""
    return _shown(asked.rows(shop_id, now).stretch(*stretch), stretch[0])


@composed
def _following(shop_id, now, created_at, pk, *, asked, most):
    """The first `most` closed rows after this one."""
    return _shown(asked.rows(shop_id, now).following(created_at, pk, most), (State.CLOSED,))


def _shown(rows, states):
    columns = [*SHOWN, *(name for state in states for name in STANDS_BY[state])]
    return rows.select_related("order", "assignment").only(*columns)


@dataclass(frozen=True, slots=True)
class Mark:
    """A closed row after which a page begins: who leafs on far down need not be counted for, and neither sees a row
    twice nor misses one because others came in above."""

    created_at: datetime
    pk: int

    @classmethod
    def of(cls, record):
        return cls(record.created_at, record.pk)

    @classmethod
    def read(cls, text):
        """What `str` wrote; None for anything else."""
        if found := MARK.fullmatch(text):
            return cls(EPOCH + timedelta(microseconds=int(found[1])), int(found[2]))
        return None

    def __str__(self):
        return f"{(self.created_at - EPOCH) // timedelta(microseconds=1)}-{self.pk}"


@dataclass(frozen=True, slots=True)
class Tab:
    """`count` is None where the filters cannot be understood; `query` is the rest of its address."""

    label: str
    query: str
    count: int | str | None
    is_active: bool


class RequestList(MerchantPage):
    template_name = "tickets/list.html"
    title = gettext_lazy("Service requests")
    # Whether consumers are asked to confirm; None where it was not counted along.
    has_stage = None

    def get(self, request, *args, **kwargs):
        if problem := self.choose(request.GET):
            return self.again(status=400, problem=problem)
        return super().get(request, *args, **kwargs)

    def choose(self, params):
        """Reads what is asked for; returns why it cannot be shown, in words, or nothing."""
        self.params = params
        self.chosen = filters.asked_for(self.shop, params, self.now, self.by.user_id)
        view = saved.opened(self.chosen.offers, params.get("view", ""))
        is_valid = self.chosen.form.is_valid()
        if view and (words := saved.not_understood(view, is_valid=is_valid)):
            return words
        return "" if is_valid else self._problem()

    def get_context_data(self, **kwargs):
        listed = {} if "problem" in kwargs else self._listed(picked=kwargs.get("picked", ()))
        query, offers = self._own().urlencode(), self.chosen.offers
        return super().get_context_data(
            filter=self.chosen,
            tabs=self._tabs(listed.get("counts")),
            clear_query=self._query(only=["tab"]),
            exports=[(format_, label, query) for format_, label in FORMATS],
            no_export=""
            if may(self.by, "export_requests", self.shop.pk)
            else no_permission(self.by, "export_requests"),
            offers=offers,
            views=saved.chips(offers, self.params.urlencode(), user_id=self.by.user_id),
            view_query=saved.kept(self.params.urlencode()),
            organize_query=self.params.urlencode(),
            undo=undoing.offered(self.request.session, self.shop, now=self.now),
            **listed,
            **kwargs,
        )

    def _own(self):
        """The query with one's own key for “me”: what is exported is made later, and by another."""
        query = without_place(self.params)
        if query.get("assignee") == hands.ME:
            query["assignee"] = str(self.member.pk)
        return query

    def _problem(self):
        if "tab" in self.chosen.form.errors:
            return _("There is no such tab. Choose one of those above.")
        return _("These filters cannot be understood: look at the marked fields.")

    def _listed(self, picked):
        tab = self.chosen.tab_chosen
        asked = filters.Asked.of(self.chosen)
        is_far = self._is_far(self._page_wanted())
        mark = Mark.read(self.params.get("after", "")) if is_far and tab in (filters.ALL, State.CLOSED) else None
        said = {"asked": asked, "states": SHOWN_STATES, "most": MOST_COUNTED, "is_far": is_far and not mark}
        counts, self.has_stage = filters.counted(self.shop, self.now, **said)
        # Where all could be counted a mark is not needed, and the number of pages is known.
        is_marked = mark and counts.is_more(filters.states_of(tab))
        paginator = self._pages_from(mark, asked) if is_marked else self._pages(asked, tab, counts)
        try:
            page = paginator.page(self._page_wanted())
        except InvalidPage as error:
            raise Http404(_("The list has no such page.")) from error
        rules = RulesOf()
        prefetch_related_objects(page.object_list, *self._tagged())
        books = Rulebook.objects.with_keys({record.rulebook_id for record in page})
        for record in page:
            record.rulebook = books[record.rulebook_id]
            self._who(record)
        rows = [(record, standing(record, rules(record), now=self.now)) for record in page]
        return {
            "counts": counts,
            "page": page,
            "rows": rows,
            "drawn": drawn([row(*one, picked=picked) for one in rows], self.shop.no),
            "previous_query": page.has_previous() and self._query(page=page.previous_page_number(), after=None),
            "next_query": page.has_next() and self._next(page),
            # The last page knows where the list ends.
            "is_more": counts.is_more(filters.states_of(tab)) and page.has_next(),
            "selecting": {
                "count": paginator.count,
                "fits": paginator.count <= picking.MOST,
                "too_many": picking.too_many(),
                "is_more": paginator.count > len(page),
            },
            "has_any": self.chosen.has_any(counts),
            "all_query": self._query(only=[], tab=filters.ALL),
        }

    @staticmethod
    def _is_far(page):
        return page * PAGE_SIZE > MOST_COUNTED

    def _next(self, page):
        """The query of the next page; far down, among what is closed, with the mark after which it begins."""
        number, last = page.next_page_number(), page[-1] if page else None
        mark = Mark.of(last) if last and self._is_far(number) and last.state == State.CLOSED else None
        return self._query(page=number, after=mark)

    def _pages_from(self, mark, asked):
        """The page that begins after the mark."""
        ask = _following if asked.is_kept else _following.anew
        return self._read(ask(self.shop.pk, self.now, mark.created_at, mark.pk, asked=asked, most=PAGE_SIZE + 1))

    def _read(self, there):
        """The wanted page, of the rows that were read for it; one row more tells of another page."""
        first = (self._page_wanted() - 1) * PAGE_SIZE
        pages = Paginator(Cut(first, there), PAGE_SIZE)
        pages.count = first + len(there)
        return pages

    def _pages(self, asked, tab, counts):
        """The pages of a tab. Beyond what was counted with the tabs, so much of them as is asked for."""
        first = (self._page_wanted() - 1) * PAGE_SIZE
        far = counts.is_more(filters.states_of(tab)) and first + PAGE_SIZE > MOST_COUNTED
        sizes = {state: left for state, left in counts.by_state.items() if tab in (filters.ALL, state)}
        if far and sizes.get(State.CLOSED, 0) > MOST_COUNTED:
            # What is closed comes last and is most of all: whether there is so much of it, its rows tell.
            sizes[State.CLOSED] = first + PAGE_SIZE + 1
        rows = MostUrgent(self.shop.pk, self.now, asked, sizes)
        if not far:
            pages = Paginator(rows, PAGE_SIZE)
            pages.count = counts.of(filters.states_of(tab))
            return pages
        return self._read(rows[first : first + PAGE_SIZE + 1])

    def _page_wanted(self):
        said = self.params.get("page", "1")
        if not said.isdecimal() or len(said) > 9:
            raise Http404(_("The list has no such page."))
        return int(said)

    def _tagged(self):
        return [Prefetch("taggings", Tagging.everything.order_by())] if self.chosen.offers.tags else []

    def _who(self, record):
        """Whose it is and what it carries, by what the list offers: no statement more."""
        offers, assignment = self.chosen.offers, getattr(record, "assignment", None)
        record.assignee = offers.name_of(assignment.member_id) if assignment else ""
        record.tags = offers.tags_of(record) if offers.tags else []

    def _tabs(self, counts):
        chosen = self.chosen.form.cleaned_data.get("tab", None)
        active = None if chosen is None else chosen or filters.FIRST_TAB
        return [
            Tab(
                label=label,
                query=self._query(tab=tab, page=None, after=None),
                count=None if counts is None else counts.said(filters.states_of(tab)),
                is_active=tab == active,
            )
            for tab, label in filters.TABS.items()
            if tab != State.CONFIRMING or active == tab or self._has_confirming(counts)
        ]

    def _has_confirming(self, counts):
        """[2] §二.5.4, [4] §五: only where the stage is in force, or something stands in it still."""
        if counts and State.CONFIRMING in counts.by_state:
            return True
        if counts and self.chosen.active and self.chosen.queryset.confirming().exists():
            return True
        return Rulebook.objects.confirming_at(self.now).exists() if self.has_stage is None else self.has_stage

    def _query(self, only=None, **changes):
        """The query string with these changes; None takes a part out, `only` keeps no others."""
        query = self.params.copy()
        for name in set(query) - set(query if only is None else only):
            del query[name]
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return query.urlencode()
