"""The notices of a shop: the list, one opened, all marked as read."""

from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import notices
from ..models import Notice, NoticeRead
from ..pages import MerchantPage

PAGE_ROWS = 50
UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Line:
    """A notice as this reader sees it."""

    notice: Notice
    text: str
    unread: bool


class NoticeList(MerchantPage):
    """Newest first, 50 a page; `?show=unread` leaves out what this user has read."""

    act = "see_notices"
    template_name = "notices/list.html"
    title = gettext_lazy("Notices")

    def get_context_data(self, **kwargs):
        show = self.request.GET.get("show", "")
        if show not in {"", UNREAD}:
            raise BadRequest(_("Notices are shown all or unread only."))
        rows = Notice.objects.of(self.shop)
        if show == UNREAD:
            rows = rows.unread_by(self.request.user)
        page = Paginator(rows, PAGE_ROWS).get_page(self.request.GET.get("page"))
        lines = _lines(page.object_list, self.request.user)
        newest = max((line.notice.pk for line in lines), default=0) if page.number == 1 else ""
        return super().get_context_data(page=page, lines=lines, newest=newest, show=show, **kwargs)


def _lines(rows, user):
    rows = list(rows)
    read = set(NoticeRead.objects.filter(user=user, notice__in=rows).values_list("notice_id", flat=True))
    return [Line(notice, notices.text(notice), notice.pk not in read) for notice in rows]


class ReadAll(MerchantPage):
    """Marks as read what the reader's page could show: what came after it stays unread."""

    act = "see_notices"
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        newest = request.POST.get("newest", "")
        if not newest.isdecimal() or len(newest) > 18:
            raise BadRequest(_("This form is not complete. Go back, reload the page and try again."))
        notices.mark_read(Notice.objects.of(self.shop).filter(pk__lte=int(newest)), by=request.user)
        return self.done(reverse("notices", args=[self.shop.no]), _("Marked as read."))


class OpenNotice(MerchantPage):
    """Marks one as read and goes on to what it tells of."""

    act = "see_notices"
    # No HEAD: who only looks whether it is there has not read it.
    http_method_names = ["get"]

    def get(self, request, *args, **kwargs):
        mine = Notice.objects.of(self.shop)
        notice = get_object_or_404(mine, pk=kwargs["pk"])
        notices.mark_read(mine.filter(pk=notice.pk), by=request.user)
        # Only to pages of this site.
        if notice.path.startswith("/") and url_has_allowed_host_and_scheme(notice.path, allowed_hosts=None):
            return redirect(notice.path)
        return redirect("notices", self.shop.no)
