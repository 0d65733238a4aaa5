"""The address of a drawn example: for whom, as what, in which language."""

import pytest
from django.conf import settings
from django.urls import reverse


def url(code="tracking", which="good"):
    return reverse(f"evidence-sample-{which}", args=[code])


@pytest.fixture
def bob(cast, client):
    client.force_login(cast.bob)
    return client


@pytest.mark.parametrize("which", ["good", "bad"])
def test_a_drawing_comes_as_a_picture_that_may_do_nothing(bob, which):
    answer = bob.get(url(which=which))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"] and "max-age=86400" in answer["Cache-Control"]
    assert answer.content.startswith(b"<svg ") and (b"stroke-dasharray" in answer.content) == (which == "bad")


def test_it_speaks_the_readers_language_and_no_store_mixes_them_up(bob):
    english = bob.get(url("order_page"), headers={"accept-language": "en"})
    bob.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    chinese = bob.get(url("order_page"))
    assert "订单" in chinese.content.decode() and "订单" not in english.content.decode()
    assert {"Cookie", "Accept-Language"} <= {part.strip() for part in chinese["Vary"].split(",")}


def test_only_who_is_logged_in_and_only_what_the_catalogue_knows(cast, client):
    assert client.get(url()).status_code == 302
    client.force_login(cast.olive)
    assert [client.get(url(code)).status_code for code in ("tracking", "nothing")] == [200, 404]
    assert client.get("/evidence/sample/tracking/middling/").status_code == 404
    assert client.post(url()).status_code == 405
