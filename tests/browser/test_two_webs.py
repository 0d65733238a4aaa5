"""Two web servers and two workers on one PostgreSQL and one bucket: the same walk, and all that one process could
have kept for itself. A proxy lets the servers take turns, so whatever one of them does the other shows."""

from itertools import pairwise

import pytest
from django.core.management import call_command

from shop_cs.access import make_api_key
from shop_cs.models import ExportJob, Notice, SignIn
from tests.browser.walk import SECOND, press, text, walk
from tests.crowd import ON_POSTGRESQL
from tests.factories import PASSWORD, PNG, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tests.scale.proxy import CALLER
from tests.scale.stand import PATIENCE, Stand
from tests.stories import fresh
from tickets.models import ServiceRequest

pytestmark = pytest.mark.skipif(not ON_POSTGRESQL, reason="more than one machine needs PostgreSQL")
PROOF = {"name": "协商截图.png", "mimeType": "image/png", "buffer": PNG}
WEEKS_LATER = shanghai("2026-04-14 10:00")
BOTH = range(2)


@pytest.fixture
def stand(transactional_db, cast, at, tmp_path):
    with Stand(tmp_path, TUESDAY_10) as stand:
        yield stand
    assert stand.logs() == ""


@pytest.fixture
def site(stand):
    """The proxy's address; the tests' own server stays away."""
    return stand.proxy.url


@pytest.fixture
def alone():
    return False


@pytest.fixture
def browse(browse):
    """As everywhere, with more patience: eight processes begin at once and share the machine."""

    def open_as(*who, **how):
        page = browse(*who, **how)
        page.set_default_timeout(PATIENCE * 1_000)
        return page

    return open_as


def test_the_same_walk_and_all_that_one_process_could_have_kept_for_itself(browse, cast, stand, capsys):
    walk(browse, cast, at=stand.at, sweep_at=stand.sweep_at)
    recorded_once(ServiceRequest.everything.get())

    stand.at(WEEKS_LATER)
    request = sent_once(browse(None), OrderFactory(shop=cast.shop))
    alice, cookies = logged_in(browse(None, lang="en"))
    bob, rita = browse(cast.bob), browse(cast.rita)
    see_each_other(bob, alice, request)
    proved(bob, request)
    sent_back(rita, bob, request)
    stand.sweep_at(fresh(request).deadline + SECOND)
    recorded_once(request)
    exported(alice, stand, request)
    counted_by_the_replica(alice, stand)
    logged_out(alice, cookies)
    locked_out(browse(None))

    call_command("trail", "verify", "--no-progress")
    assert "The trail holds" in capsys.readouterr().out
    assert_shared(stand)


def recorded_once(request):
    """Two workers looked at what was over."""
    assert request.history.filter(move="overdue").count() == 1
    assert Notice.everything.filter(kind="request_overdue", path=request.path).count() == 1


def assert_shared(stand):
    """Nobody has fallen or kept a file for himself, and no page came from the server of the page before."""
    assert len(stand.alive()) == 6
    assert stand.files() == []
    assert all(one != other for (one, _path), (other, _next) in pairwise(stand.proxy.pages))


def token(page):
    """What a form of this browser carries."""
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")


def sent_once(system, order):
    """A system sends the same request to both servers: there is one."""
    key = make_api_key("shop platform", now=WEEKS_LATER)
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "one"}
    said = {"shop_no": "S001", "order_no": order.no, "kind": "general", "category": "product", "detail": "收到即破损"}
    told = [system.request.post("/api/requests/", headers=headers, data=said).json() for _server in BOTH]
    assert told[0]["request_no"] == told[1]["request_no"]
    return ServiceRequest.everything.get(order=order)


def logged_in(page):
    """Alice, by her password: the form comes from one server and goes to the other."""
    page.goto("/login/")
    page.fill("[name=username]", "alice")
    page.fill("[name=password]", PASSWORD)
    press(page, "#login-form [type=submit]")
    assert SignIn.objects.filter(user__username="alice").latest("pk").address == CALLER
    return page, page.context.cookies()


def see_each_other(bob, alice, request):
    opened(bob, request)
    opened(alice, request).locator("#present").get_by_text("鲍勃").wait_for()
    # Anew: a page that notices her later moves what Bob is about to click.
    opened(bob, request).locator("#present").get_by_text("爱丽丝").wait_for()


def opened(page, request):
    page.goto(request.path)
    page.wait_for_load_state("networkidle")
    return page


def proved(bob, request):
    """The piece that one server took both hand out."""
    bob.check("#reply [name=solved][value=yes]")
    bob.check("#reply [name=settlement][value=agreed]")
    bob.fill("#reply [name=text]", "已与消费者协商一致，补发新品")
    bob.set_input_files("#reply [name=file_1]", [PROOF])
    press(bob, "#reply [type=submit]")
    piece = request.attachments.get().evidence
    for _server in BOTH:
        assert bob.request.get(f"/evidence/{piece.pk}/").body() == PNG
        assert bob.request.get(f"/evidence/{piece.pk}/preview/small/").headers["content-type"] == "image/webp"


def sent_back(rita, bob, request):
    """Rita is not satisfied; Bob reads it among his notices."""
    rita.goto(f"/admin/tickets/servicerequest/{request.pk}/reject/")
    rita.fill("[name=reason]", "请补充通话记录")
    press(rita, "#content button[form=decision]")
    for _server in BOTH:
        assert "请补充通话记录" in text(bob, "/s/S001/notices/")


def exported(alice, stand, request):
    """Asked of one server, made by whichever worker, fetched from both."""
    said = {"csrfmiddlewaretoken": token(alice)}
    assert alice.request.post("/s/S001/requests/export/csv/?tab=all", form=said).ok
    stand.export_is_ready()
    for _server in BOTH:
        alice.goto("/s/S001/exports/")
        with alice.expect_download() as told:
            alice.click("a[download]")
        assert request.no in told.value.path().read_text()
    assert ExportJob.everything.get().tries == 1


def counted_by_the_replica(alice, stand):
    for _server in BOTH:
        assert "1 of 1" in text(alice, "/s/S001/figures/")
    assert any("tickets_dailyfigure" in query for query in stand.asked_of("replica"))


def logged_out(alice, cookies):
    """The login that was ended at one server opens nothing at either."""
    alice.locator("#logout-form").evaluate("form => form.requestSubmit()")
    alice.wait_for_url("**/logout/**")
    alice.context.add_cookies(cookies)
    for _server in BOTH:
        alice.goto("/s/S001/requests/")
        assert "/login/" in alice.url


def locked_out(page):
    """Five wrong passwords, told now to the one and now to the other."""
    page.goto("/login/")
    for status in (200, 200, 200, 200, 429, 429):
        said = {"username": "charlie", "password": "wrong", "csrfmiddlewaretoken": token(page)}
        assert page.request.post("/login/", form=said).status == status
