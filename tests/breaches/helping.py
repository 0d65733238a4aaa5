"""Phrases and playbooks."""

from django.db.models import F

from tests.breaches.ways import again, broken
from tests.people import TUESDAY_10
from tickets import actions
from tickets.models import Phrase, PlaybookChoice, PlaybookStep


def make(cast):
    said = {"title": "已退款", "text": "已退款{amount}", "now": TUESDAY_10}
    actions.add_phrase(shop=cast.shop, by=cast.as_alice, **said)
    actions.add_phrase(shop=None, by=cast.as_rita, **said)


def _second_of_the_platform():
    row = Phrase.everything.get(shop=None)
    row.pk = None
    Phrase._base_manager.bulk_create([row])


BREACHES = {
    "phrase_title_once_a_shop": again(Phrase),
    "phrase_title_once_the_platform": _second_of_the_platform,
    "playbook_step_code_once": again(PlaybookStep),
    "playbook_step_end_is_whole": broken(PlaybookStep, outcome="solved", settlement="done", reason="other", reply="x"),
    "playbook_choice_leads_on": broken(PlaybookChoice, to=F("step")),
}
NOBODYS = {}
UNTRACKED = {}
