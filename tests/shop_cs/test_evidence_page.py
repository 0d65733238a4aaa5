"""Who may look at a piece of evidence, and as what it is served."""

import pytest
from django.core.files.storage import storages
from django.urls import reverse

from shop_cs.models import evidence_path
from tests import stories
from tests.factories import PNG, EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tickets.actions.answering import put_in


@pytest.fixture
def piece(cast):
    return EvidenceFactory(order=OrderFactory(shop=cast.shop), name="转账 凭证.png")


@pytest.fixture
def look(client, piece):
    """Opens the piece as a user, or as nobody."""

    def look(user=None, query="", method="get"):
        if user:
            client.force_login(user)
        return getattr(client, method)(reverse("evidence", args=[piece.pk]) + query)

    return look


@pytest.mark.parametrize("name", ["alice", "bob", "pia", "rita", "olive"])
def test_members_of_the_shop_and_the_platform_see_it(cast, look, name):
    response = look(getattr(cast, name))
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == PNG


def test_another_shops_member_is_told_of_nothing(cast, look):
    assert look(cast.charlie).status_code == 404


def test_a_deactivated_member_is_told_of_nothing(cast, look):
    cast.bob_member.is_active = False
    cast.bob_member.save()
    assert look(cast.bob).status_code == 404


def test_who_is_not_logged_in_is_asked_to(look, piece):
    response = look()
    assert response.status_code == 302
    assert response.url.startswith(reverse("workbench:login"))


def test_the_file_as_it_came_is_only_ever_downloaded_and_may_do_nothing(cast, look):
    response = look(cast.bob)
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E8%BD%AC%E8%B4%A6%20%E5%87%AD%E8%AF%81.png"
    assert response["Content-Security-Policy"] == "default-src 'none'; img-src 'self'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]


@pytest.mark.parametrize("kind", ["application/pdf", "video/mp4"])
def test_everything_else_is_a_download(cast, look, piece, kind):
    piece.kind = kind
    piece.save()
    response = look(cast.bob)
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"].startswith("attachment")


def test_a_piece_whose_bytes_are_gone_is_not_found(cast, look, piece):
    storages["evidence"].delete(evidence_path(piece.sha256))
    assert look(cast.bob).status_code == 404


def test_nothing_can_be_posted_to_it(cast, look):
    assert look(cast.bob, method="post").status_code == 405


def test_what_the_platform_put_in_for_a_scheduled_request_does_not_exist_for_the_merchant_yet(cast, client):
    piece = EvidenceFactory(order=OrderFactory(shop=cast.shop), side="consumer")
    night = shanghai("2026-03-02 22:00")
    request = stories.send(cast, order=piece.order, now=night)
    put_in(request, piece, "", by=cast.as_pia, now=night)

    def seen_by(user):
        client.force_login(user)
        return client.get(reverse("evidence", args=[piece.pk])).status_code

    assert (seen_by(cast.alice), seen_by(cast.pia)) == (404, 200)
    stories.sweep_at(TUESDAY_10)
    assert (seen_by(cast.alice), seen_by(cast.charlie)) == (200, 404)
