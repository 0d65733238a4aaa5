"""The figures that are shown: each section has its columns, one or some of them drawn. Other apps register theirs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .links import AFTER_SALES
from .values import Mean, Share, count


@dataclass(frozen=True, slots=True)
class Count:
    """A number of `name`; `where` are the filters of the request list that lists just these, None where none does.

    One that `adds` something up of each request leads to the list of all that had some.
    """

    label: str
    name: str
    where: dict | None = None
    adds: bool = False

    def value(self, numbers):
        return numbers[self.name]

    def texts(self, numbers):
        """The number, and what it is of."""
        return count(numbers[self.name]), ""

    def point(self, numbers):
        return numbers[self.name]


@dataclass(frozen=True, slots=True)
class Rate:
    """The share of `part` in `whole`, in per cent; or the mean time of `whole` that take `part` minutes together."""

    label: str
    part: str
    whole: str
    of: type = Share
    where, adds = None, False

    def value(self, numbers):
        return self.of(numbers[self.part], numbers[self.whole]).value

    def texts(self, numbers):
        made = self.of(numbers[self.part], numbers[self.whole])
        return str(made), made.of

    def point(self, numbers):
        value = self.value(numbers)
        return None if value is None else float(value)


@dataclass(frozen=True, slots=True)
class Section:
    """`note` says what the columns mean; `drawn` are those of the chart, `unit` what its axis counts. `typed`: whether
    it is told apart by type."""

    code: str
    title: str
    note: str
    columns: tuple
    drawn: tuple
    unit: str = ""
    typed: bool = True
    way: Callable | None = None


CREATED = Count(_("Created"), "created", {})
VOLUME = Section(
    "volume",
    _("Requests"),
    _("By the day on which they were created, as they stand now; what waits for the opening is not counted yet."),
    (
        CREATED,
        Count(_("Closed"), "closed", {"tab": "closed"}),
        Count(_("Sent back by the platform"), "rejected", {"round": "2+"}),
        Count(pgettext_lazy("figures", "Urged"), "urged", {"urged": "yes"}),
        Count(_("Urges"), "urges", {"urged": "yes"}, adds=True),
    ),
    drawn=(0, 1),
)
OVERDUE = Section(
    "overdue",
    _("Overdue rate"),
    _("Of the requests created then, those that missed a deadline, in any round."),
    (
        Count(_("Overdue"), "overdue", {"overdue": "yes"}),
        CREATED,
        Rate(_("Overdue rate"), "overdue", "created"),
    ),
    drawn=(2,),
    unit="%",
)
REPLY = Section(
    "reply",
    _("Time to reply"),
    _("Working time from a round's opening to its reply, as a mean over all replies."),
    (
        Count(_("Answered requests"), "replied", {"answer": "any"}),
        Count(_("Replies"), "replies", {"answer": "any"}, adds=True),
        Rate(_("Mean time to reply"), "reply_minutes", "replies", Mean),
    ),
    drawn=(2,),
    unit="h",
)
SATISFACTION = Section(
    "satisfaction",
    _("Satisfaction"),
    _("Of the requests whose consumer has answered, those whose consumer was satisfied in the end."),
    (
        Count(_("Asked"), "surveyed", {"consumer": "asked"}),
        Count(_("Answered"), "answered", {"consumer": "answered"}),
        Count(_("Satisfied"), "satisfied", {"consumer": "satisfied"}),
        Rate(_("Satisfaction"), "satisfied", "answered"),
    ),
    drawn=(3,),
    unit="%",
)
REFUNDS = Section(
    "refunds",
    _("Refunds"),
    _(
        "By the day they were applied for. Completed: done on the shop platform; the time is from the application to "
        "when that was first known here. Disputed: the platform was asked to arbitrate. Assumed: the sources name "
        "these rates and do not define them."
    ),
    (
        Count(_("Refunds"), "refunds", {AFTER_SALES: ""}),
        Count(_("Completed"), "refunds_done", {AFTER_SALES: "done"}),
        Rate(_("Refund completion rate"), "refunds_done", "refunds"),
        Rate(_("Refund completion time"), "refund_minutes", "refunds_done", Mean),
        Count(_("Disputed"), "refunds_disputed", {AFTER_SALES: "", "disputed": "yes"}),
        Rate(_("Refund dispute rate"), "refunds_disputed", "refunds"),
    ),
    drawn=(2, 5),
    unit="%",
    typed=False,
)


def _by_day(asked, links):
    return _("The conversations day by day"), links.conversations(asked.first, asked.last)


RESPONSE = Section(
    "response",
    _("Response rate"),
    _("Effective conversations out of all, as the chat platform counts them."),
    (
        Count(_("Effective"), "effective"),
        Count(_("Conversations"), "conversations"),
        Rate(_("Response rate"), "effective", "conversations"),
    ),
    drawn=(2,),
    unit="%",
    typed=False,
    way=_by_day,
)
# Sections of other apps; they register themselves.
MORE = []


def sections():
    return (VOLUME, OVERDUE, REPLY, SATISFACTION, REFUNDS, *MORE, RESPONSE)
