"""The search of a shop: one box for numbers and words."""

from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from shop_cs.pages import MerchantPage

from ..arrivals import send_what_is_due
from ..searching.form import SearchForm


class SearchPage(MerchantPage):
    template_name = "tickets/search.html"
    title = _("Search")

    def get(self, request, *args, **kwargs):
        send_what_is_due(self.shop, now=self.now)
        form = SearchForm(request.GET, for_platform=False)
        if not form.is_valid():
            return self.again(status=400, form=form)
        answer = form.answer(self.by)
        if answer.straight:
            return redirect(answer.straight)
        return self.render_to_response(self.get_context_data(form=form, **shown(form, answer, request.GET)))


def shown(form, answer, params):
    """What the page says of an answer: it, the addresses of its other pages, whether filters narrow it."""
    newest, older = params.copy(), params.copy()
    newest.pop("before", None)
    older["before"] = answer.older
    return {
        "asked": form.asked,
        "answer": answer,
        "newest_query": newest.urlencode() if form.cleaned_data["before"] else "",
        "older_query": older.urlencode() if answer.older else "",
        "is_narrowed": bool(form.cleaned_data["state"] or form.cleaned_data["category"]),
    }
