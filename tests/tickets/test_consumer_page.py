"""The consumer's page: asked by a signed link, answered once, never by merely opening it. [2] §二.5.4"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests import stories
from tests.people import TUESDAY_10
from tickets import actions, messages
from tickets.models import State, Survey

SENT = TUESDAY_10 + timedelta(hours=2)
EXPIRES = SENT + timedelta(hours=48)
YES, NO = {"answer": "satisfied"}, {"answer": "dissatisfied"}


@pytest.fixture
def request_(cast, at):
    """Bob answered at 11:00 that it is solved; at 12:00 the consumer got his link."""
    stories.confirming_rules()
    record = stories.send(cast)
    stories.reply_solved(record, cast, now=TUESDAY_10 + timedelta(hours=1))
    actions.send_surveys(Survey.everything.all(), now=SENT)
    at(SENT)
    return stories.fresh(record)


@pytest.fixture
def url(request_):
    return reverse("consumer", args=[messages.survey_token(request_.surveys.get())])


@pytest.fixture
def web(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_the_page_shows_what_was_bought_and_what_the_merchant_says(web, url):
    text = web.get(url).text
    assert "洗发水" in text
    assert "已补发新品" in text
    assert "王小明" not in text
    assert "鲍勃" not in text


def test_opening_the_link_answers_nothing(web, url, request_):
    for _time in range(2):
        assert web.get(url).status_code == 200
    assert web.head(url).status_code == 200
    assert stories.fresh(request_).state == State.CONFIRMING


@pytest.mark.parametrize(("said", "state"), [(YES, State.CLOSED), (NO, State.REVIEWING)])
def test_an_answer_moves_the_request_and_is_thanked_for(web, url, request_, said, state):
    response = web.post(url, {**said, "comment": "谢谢"})
    assert response.status_code == 200
    assert "Thank you" in response.text
    assert stories.fresh(request_).state == state
    assert request_.surveys.get().comment == "谢谢"


def test_the_trail_names_the_consumer_even_if_somebody_is_logged_in(web, url, request_, cast):
    web.force_login(cast.bob)
    web.post(url, YES)
    assert request_.history.first().actor_role == "consumer"
    assert request_.surveys.get().history.first().actor_role == "consumer"


def test_a_second_answer_is_refused_with_thanks(web, url, request_):
    web.post(url, NO)
    for response in (web.get(url), web.post(url, YES)):
        assert response.status_code == 409
        assert "answered already" in response.text
    assert stories.fresh(request_).state == State.REVIEWING


@pytest.mark.parametrize(("late", "status"), [(timedelta(0), 200), (timedelta(milliseconds=1), 409)])
def test_the_last_instant_is_still_in_time_and_after_it_the_page_says_so(web, url, at, late, status):
    at(EXPIRES + late)
    assert web.get(url).status_code == status
    assert web.post(url, YES).status_code == status


@pytest.mark.parametrize("token", ["forged", "1:forged", "MQ:1abcde:xxxxxxxxxxxxxxxxxxxxxxxxxxxx"])
def test_a_forged_link_is_not_valid(web, db, token):
    response = web.get(reverse("consumer", args=[token]))
    assert response.status_code == 404
    assert "This link is not valid" in response.text


def test_a_link_of_an_earlier_round_is_no_longer_asked(web, url, request_, cast, at):
    record = actions.unconfirmed([request_], now=EXPIRES + timedelta(minutes=1))[0]
    later = EXPIRES + timedelta(hours=1)
    actions.reject(record, reason="请补充", by=cast.as_rita, now=later)
    assert web.get(url).status_code == 409


@pytest.mark.parametrize(("length", "status"), [(500, 200), (501, 400)])
def test_a_comment_has_at_most_500_characters_and_is_kept_when_longer(web, url, length, status):
    response = web.post(url, {**YES, "comment": "好" * length})
    assert response.status_code == status
    assert ("好" * length in response.text) == (status == 400)


@pytest.mark.parametrize("said", [{}, {"answer": "perhaps"}])
def test_only_the_two_answers_are_taken(web, url, request_, said):
    response = web.post(url, said)
    assert response.status_code == 400
    assert "Choose one of the two answers." in response.text
    assert stories.fresh(request_).state == State.CONFIRMING


def test_the_page_is_kept_by_nobody_and_found_by_nobody(web, url):
    for response in (web.get(url), web.post(url, YES), web.get(url)):
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
        assert response["Referrer-Policy"] == "same-origin"


def test_the_form_passes_with_its_token_and_not_without(url, request_):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url, YES).status_code == 403
    token = strict.get(url).cookies["csrftoken"].value
    assert strict.post(url, {**YES, "csrfmiddlewaretoken": token}).status_code == 200


def test_the_language_is_the_browsers_and_can_be_switched(client, url):
    assert 'lang="zh-hans"' in client.get(url).text
    assert 'lang="en"' in client.get(url, headers={"accept-language": "en"}).text.split("<body")[0]
    client.post(reverse("set_language"), {"language": "en", "next": url})
    assert 'lang="en"' in client.get(url).text.split("<body")[0]


def test_nothing_but_reading_and_answering_is_known(web, url):
    assert web.delete(url).status_code == 405
