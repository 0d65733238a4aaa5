"""Pages for what went wrong: in words, with what to do next."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, TooManyFilesSent
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from shop_cs import middleware
from shop_cs.moves import Refusal, Refused
from shop_cs.views import errors


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def web(cast, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    return client


def test_an_unknown_address_is_404_with_a_way_back(web):
    response = web.get("/nowhere/at/all/")
    assert response.status_code == 404
    assert "There is no such page" in response.text
    assert 'href="/"' in response.text


@pytest.mark.parametrize("asked", ["disputes/case/?shop__no=a%00", "tickets/servicerequest/?q=%00", "money/?q=%00"])
def test_in_the_desk_an_address_with_a_nul_is_400_before_any_database_sees_it(web, cast, asked):
    web.force_login(cast.rita)
    response = web.get(f"/admin/{asked}")
    assert response.status_code == 400
    assert "a character that no text may have" in response.text


def test_a_database_that_does_not_answer_is_503_with_words_and_when_to_come_back(web, monkeypatch):
    def locked():
        raise OperationalError("database is locked")

    monkeypatch.setattr("shop_cs.moment.now", locked)
    response = web.get("/s/S001/requests/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert "Nothing was changed" in response.text
    assert "locked" not in response.text


def test_a_strangers_shop_is_404_in_the_same_words_as_one_that_is_not(web):
    there, nowhere = (web.get(reverse("people", args=[no])) for no in ("S002", "S999"))
    assert there.status_code == nowhere.status_code == 404
    assert there.text == nowhere.text


def test_a_missing_permission_is_403_with_the_words_of_who_refused():
    response = errors.forbidden(RequestFactory().get("/"), PermissionDenied("This post (实习生) may not do that."))
    assert response.status_code == 403
    assert "This post (实习生) may not do that." in response.text


def test_a_refusal_nobody_caught_becomes_a_page_with_its_status_and_words(rf):
    refused = Refused(Refusal("overdue", "The time was over.", 409))
    response = middleware.RefusalMiddleware(None).process_exception(rf.get("/"), refused)
    assert response.status_code == 409
    assert "The time was over." in response.text


@pytest.mark.parametrize(("length", "status"), [(1000, 302), (1001, 413)])
def test_a_body_past_the_limit_is_refused_unread(client, db, settings, length, status):
    settings.MAX_UPLOAD_BYTES = 1000
    body = b"x" * length
    response = client.post(reverse("set_language"), body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == status


def test_more_files_than_allowed_are_413_and_the_page_says_how_many(rf, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 20
    response = errors.bad_request(rf.get("/"), TooManyFilesSent())
    assert response.status_code == 413
    assert "At most 20 files" in response.text


def test_a_bad_request_shows_only_words_that_were_meant_for_the_user(rf):
    assert "Show all or unread." in errors.bad_request(rf.get("/"), BadRequest("Show all or unread.")).text
    inner = errors.bad_request(rf.get("/"), ValueError("internal detail"))
    assert inner.status_code == 400
    assert "internal detail" not in inner.text


def test_a_form_open_too_long_is_403_and_says_how_to_go_on(cast):
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    response = strict.post(reverse("workbench:login"), {"username": "bob"})
    assert response.status_code == 403
    assert "open too long" in response.text


def test_a_broken_page_shows_the_number_under_which_it_was_written_down(web, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("shop_cs.pages.member_of", broken)
    web.raise_request_exception = False
    response = web.get(reverse("people", args=["S001"]))
    assert response.status_code == 500
    assert response["X-Request-Id"] in response.text
    assert "secret detail" not in response.text
