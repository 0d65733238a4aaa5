"""The notices of a shop: newest first, unread marked, read by each on his own."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shop_cs import notices
from shop_cs.models import NoticeRead
from tests.people import TUESDAY_10

URL = reverse("notices", args=["S001"])


@pytest.fixture
def web(cast, client, at):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    return client


@pytest.fixture
def tell(cast):
    """Tells Alice's shop that SR<n> is closed, n minutes past ten."""

    def tell(n, shop=cast.shop, path="/s/S001/people/"):
        when = TUESDAY_10 + timedelta(minutes=n)
        return notices.tell(shop.pk, "request_closed", now=when, path=path, no=f"SR{n}")

    return tell


def test_they_are_listed_newest_first(web, tell):
    for n in (1, 3, 2):
        tell(n)
    page = web.get(URL).text
    assert page.index("SR3 is closed") < page.index("SR2 is closed") < page.index("SR1 is closed")


def test_another_shops_notices_are_not_among_them(web, cast, tell):
    stranger = tell(1, shop=cast.other_shop)
    assert "SR1" not in web.get(URL).text
    assert web.get(reverse("notice", args=["S001", stranger.pk])).status_code == 404
    assert web.get(reverse("notices", args=["S002"])).status_code == 404


def test_opening_one_marks_it_as_read_and_leads_to_what_it_tells_of(web, cast, tell):
    notice = tell(1)
    response = web.get(reverse("notice", args=["S001", notice.pk]))
    assert (response.status_code, response.url) == (302, "/s/S001/people/")
    assert list(NoticeRead.objects.values_list("notice", "user")) == [(notice.pk, cast.bob.pk)]


def test_opening_one_twice_does_no_harm(web, tell):
    notice = tell(1)
    for _time in range(2):
        assert web.get(reverse("notice", args=["S001", notice.pk])).status_code == 302
    assert NoticeRead.objects.count() == 1


@pytest.mark.parametrize("path", ["", "https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1"])
def test_a_notice_never_leads_to_another_site(web, tell, path):
    assert web.get(reverse("notice", args=["S001", tell(1, path=path).pk])).url == URL


def test_what_bob_has_read_alice_has_not(web, cast, tell, client):
    notice = tell(1)
    web.get(reverse("notice", args=["S001", notice.pk]))
    assert "is-unread" not in web.get(URL).text
    client.force_login(cast.alice)
    assert "is-unread" in client.get(URL).text


def test_the_filter_leaves_out_what_was_read(web, tell):
    read, unread = tell(1), tell(2)
    web.get(reverse("notice", args=["S001", read.pk]))
    page = web.get(URL, {"show": "unread"}).text
    assert f"/notices/{unread.pk}/" in page
    assert f"/notices/{read.pk}/" not in page


def test_a_filter_that_is_none_is_refused(web):
    assert web.get(URL, {"show": "everything"}).status_code == 400


def test_marking_all_leaves_what_came_after_the_page_was_made(web, cast, tell):
    first, second = tell(1), tell(2)
    newest = web.get(URL).context["newest"]
    later = tell(3)
    assert web.post(reverse("notices-read", args=["S001"]), {"newest": newest}).url == URL
    assert set(NoticeRead.objects.values_list("notice", flat=True)) == {first.pk, second.pk}
    assert later.pk not in NoticeRead.objects.values_list("notice", flat=True)


def test_marking_is_a_post_with_what_was_seen(web):
    address = reverse("notices-read", args=["S001"])
    assert web.get(address).status_code == 405
    for odd in ("all", "9" * 5000):
        assert web.post(address, {"newest": odd}).status_code == 400


@pytest.mark.parametrize(("rows", "pages"), [(50, 1), (51, 2)])
def test_fifty_stand_on_a_page(web, tell, rows, pages):
    for n in range(rows):
        tell(n)
    page = web.get(URL).context["page"]
    assert page.paginator.num_pages == pages
    assert len(page) == 50


def test_the_sidebar_counts_what_is_unread(web, cast, tell):
    first = tell(1)
    tell(2)
    entries = web.get(URL).context_data["sidebar_navigation"][0]["items"]
    assert next(entry for entry in entries if entry["link"] == URL)["badge"] == "2"
    web.get(reverse("notice", args=["S001", first.pk]))
    entries = web.get(URL).context_data["sidebar_navigation"][0]["items"]
    assert next(entry for entry in entries if entry["link"] == URL)["badge"] == "1"


def test_more_rows_take_no_more_statements(web, tell, django_assert_max_num_queries):
    for n in range(40):
        tell(n)
    with django_assert_max_num_queries(13):
        web.get(URL)
