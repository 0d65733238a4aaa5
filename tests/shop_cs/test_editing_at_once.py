"""Two who edit the same record in the desk: the second is told what the first has changed, and loses nothing."""

import pytest

from shop_cs.admin.current import FIELD
from shop_cs.models import Rulebook
from shop_cs.sites import platform
from tests.factories import UserFactory
from tests.people import TUESDAY_10
from tests.tickets.test_helping_admin import ASK, BOOK, INSIDE, OUTSIDE, typed
from tickets import actions
from tickets.models import ExamQuestion, Phrase, Playbook

SAID = "has changed this meanwhile (2026-03-03 10:00)"


@pytest.fixture
def browser(cast, at, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def of(user):
        client.force_login(user)
        return client

    return of


def shown(browser, address):
    return browser.get(address).context["adminform"].form[FIELD].value()


def edit(browser, record, **said):
    address = f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.pk}/change/"
    return browser.post(address, said), address


@pytest.fixture
def phrase(cast):
    return actions.add_phrase(shop=None, title="道歉", text="非常抱歉", by=cast.as_rita, now=TUESDAY_10)


def test_the_second_is_refused_in_words_and_keeps_what_he_typed(cast, browser, phrase):
    rita = browser(cast.rita)
    said = {"title": "道歉", "category": "", "is_active": "on", "position": "0"}
    _answer, address = edit(rita, phrase, **said, text="抱歉")
    before = shown(rita, address)
    assert edit(browser(cast.ray), phrase, **said, text="雷写的", **{FIELD: before})[0].status_code == 302
    refused, _address = edit(browser(cast.rita), phrase, **said, text="丽塔写的", **{FIELD: before})
    text = refused.content.decode()
    assert refused.status_code == 400 and f"雷 {SAID}: text: 抱歉 → 雷写的" in text
    assert "丽塔写的" in text and Phrase.everything.get(pk=phrase.pk).text == "雷写的"
    again = refused.context["adminform"].form[FIELD].value()
    assert edit(rita, phrase, **said, text="丽塔写的", **{FIELD: again})[0].status_code == 302
    assert Phrase.everything.get(pk=phrase.pk).text == "丽塔写的"


def test_who_saves_twice_himself_from_fresh_pages_is_never_refused(cast, browser, phrase):
    rita, said = browser(cast.rita), {"title": "道歉", "category": "", "is_active": "on", "position": "0"}
    for text in ("一", "二"):
        address = f"/admin/tickets/phrase/{phrase.pk}/change/"
        assert edit(rita, phrase, **said, text=text, **{FIELD: shown(rita, address)})[0].status_code == 302
    assert Phrase.everything.get(pk=phrase.pk).text == "二"


def test_a_step_that_another_changed_refuses_the_playbook_as_a_whole(cast, browser):
    rita = browser(cast.rita)
    rita.post("/admin/tickets/playbook/add/", typed(ASK, INSIDE, OUTSIDE))
    book = Playbook.objects.get(slug=BOOK["slug"])
    address, rows = f"/admin/tickets/playbook/{book.pk}/change/", list(book.steps.all())
    before = shown(rita, address)
    changed = {**INSIDE, "reply": "雷的回复"}
    assert browser(cast.ray).post(address, typed(ASK, changed, OUTSIDE, known=rows)).status_code == 302
    refused = browser(cast.rita).post(
        address, typed(ASK, INSIDE, OUTSIDE, known=rows, title="价保二", **{FIELD: before})
    )
    text = refused.content.decode()
    assert refused.status_code == 400 and SAID in text and "雷的回复" in text and "价保二" in text
    assert Playbook.objects.get(pk=book.pk).title == "价保"
    assert book.steps.get(code="inside").reply == "雷的回复"


def test_a_question_that_another_took_out_of_use_stays_so(cast, browser):
    question = ExamQuestion.objects.create(
        text="多久内回复？", options=[{"text": "12 小时", "right": True}, {"text": "三天", "right": False}]
    )
    said = {"text": "多久内回复？", "options": "* 12 小时\n三天", "explanation": "见规则"}
    before = shown(browser(cast.rita), f"/admin/tickets/examquestion/{question.pk}/change/")
    assert edit(browser(cast.ray), question, **said, **{FIELD: before})[0].status_code == 302
    refused, _address = edit(browser(cast.rita), question, **said, is_active="on", **{FIELD: before})
    assert refused.status_code == 400 and SAID in refused.content.decode()
    assert not ExamQuestion.objects.get(pk=question.pk).is_active


@pytest.mark.parametrize("what", ["shop", "clerks", "bob_member", "bob"])
def test_what_superusers_set_up_is_guarded_too(cast, browser, what):
    record, root = getattr(cast, what), browser(UserFactory(is_superuser=True, is_staff=True))
    address = f"/admin/shop_cs/{record._meta.model_name}/{record.pk}/change/"
    form = root.get(address).context["adminform"].form
    said = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    record.save()
    refused = root.post(address, said)
    assert refused.status_code == 400 and "has changed this meanwhile" in refused.content.decode()


@pytest.mark.parametrize("expect", ["x", "9" * 30, "1:2:3", "-1"])
def test_a_stamp_that_nobody_was_given_overwrites_nothing(cast, browser, phrase, expect):
    said = {"title": "别的", "text": "别的", "category": "", "is_active": "on", "position": "0"}
    assert edit(browser(cast.rita), phrase, **said, **{FIELD: expect})[0].status_code == 400
    assert Phrase.everything.get(pk=phrase.pk).title == "道歉"


def test_every_form_of_the_desk_that_changes_something_is_guarded(cast, rf, at):
    request = rf.get("/")
    request.user = UserFactory(is_superuser=True)
    request.user.groups.set(cast.rita.groups.all())
    for model, admin in platform._registry.items():
        if admin.has_change_permission(request) and model is not Rulebook:
            assert FIELD in admin.form.base_fields, model
