"""Where one is logged in: each session with its browser, place and time; ends one or all others."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from .. import moment
from ..login import devices, signins
from ..login.steps import is_of_platform
from ..sites import platform, workbench


class Sessions(LoginRequiredMixin, View):
    """One's own only: the number of another's is 404. POST with `end` (a row) or `others`."""

    http_method_names = ["get", "post"]

    def get(self, request):
        site = platform if platform.has_permission(request) else workbench
        request.current_app = site.name
        mine = request.session.get(signins.ROW)
        rows = self._open()
        for row in rows:
            row.words, row.is_this = devices.in_words(row.agent), row.pk == mine
        context = {**site.each_context(request), "title": _("Where I am logged in"), "rows": rows, "bars": {}}
        return render(request, "login/sessions.html", context)

    def post(self, request):
        now, mine = moment.now(), request.session.get(signins.ROW)
        if "others" in request.POST:
            n = signins.end_others(request.user, but=mine, now=now)
            messages.success(request, ngettext("%(n)s session was ended.", "%(n)s sessions were ended.", n) % {"n": n})
            return redirect("sessions")
        said = request.POST.get("end", "")
        chosen = self._open().filter(pk=int(said)) if said.isascii() and said.isdecimal() and len(said) < 19 else None
        if not chosen:
            raise Http404(_("There is no such session among yours."))
        signins.end(chosen, now=now)
        messages.success(request, _("The session was ended."))
        return redirect("sessions")

    def _open(self):
        idle = settings.SESSION_IDLE if is_of_platform(self.request.user) else None
        return signins.of_user(self.request.user, now=moment.now(), longest=settings.SESSION_LONGEST, idle=idle)
