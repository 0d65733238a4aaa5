"""The vault: what comes in, what is kept, and that a paper is kept once."""

import errno
import hashlib
import io

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from shop_cs.evidence import keeping, vault
from shop_cs.models import Evidence, Rulebook, evidence_path
from shop_cs.moves import Refused
from tests.factories import PNG, OrderFactory
from tests.people import TUESDAY_10


@pytest.fixture
def order(cast):
    return OrderFactory(shop=cast.shop)


@pytest.fixture
def put(cast, order):
    """Bob puts a picture into the order's vault, unless the test says otherwise."""
    rules = Rulebook.objects.get(name="current").rules()

    def put(content=PNG, name="凭证.png", **said):
        file = content if hasattr(content, "read") else io.BytesIO(content)
        usual = {"order": order, "side": "merchant", "by": cast.as_bob, "now": TUESDAY_10, "rules": rules}
        return vault.store(file=file, name=name, **{**usual, **said})

    return put


def refusal_of(put, monkeypatch, step, error):
    """How an upload is refused whose `step`, a function of `os`, fails."""

    def fail(*args):
        raise error

    with monkeypatch.context() as patch, pytest.raises(Refused) as caught:
        patch.setattr(keeping.os, step, fail)
        put()
    return caught.value.refusal


def kept_files(tmp_path):
    return [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]


def test_a_picture_is_kept_under_its_hash_with_who_brought_it_and_when(cast, order, put):
    piece = put()
    assert (piece.order, piece.shop, piece.kind, piece.size) == (order, cast.shop, "image/png", len(PNG))
    assert piece.sha256 == hashlib.sha256(PNG).hexdigest()
    assert (piece.uploaded_by, piece.uploaded_at, piece.name) == (cast.bob, TUESDAY_10, "凭证.png")
    assert piece.open().read() == PNG


def test_the_trail_says_who_uploaded_it(cast, put):
    row = put().history.get()
    assert (row.move, row.actor_name, row.history_date) == ("upload", str(cast.bob), TUESDAY_10)


def test_the_same_bytes_of_the_same_side_are_the_piece_that_is_there(cast, put):
    first = put()
    again = put(name="other.png", by=cast.as_alice)
    assert again == first
    assert (again.side, again.name) == ("merchant", "凭证.png")
    assert Evidence.everything.count() == 1


def test_what_both_sides_show_is_a_piece_of_each_and_one_file(cast, put, tmp_path):
    put(by=cast.as_pia, side="consumer")
    assert put().side == "merchant"
    assert Evidence.everything.count() == 2
    assert len(kept_files(tmp_path)) == 1


def test_the_same_bytes_in_another_order_are_another_piece_of_one_file(cast, put, tmp_path):
    first, second = put(), put(order=OrderFactory(shop=cast.shop))
    assert first.pk != second.pk
    assert len(kept_files(tmp_path)) == 1


def test_a_refusal_names_the_file_and_keeps_nothing(put, tmp_path):
    with pytest.raises(Refused) as caught:
        put(b"MZ not a picture", name="virus.png")
    assert caught.value.refusal.status == 400
    assert "virus.png" in caught.value.refusal.text
    assert not Evidence.everything.exists()
    assert not kept_files(tmp_path)


@pytest.mark.parametrize(("most", "status"), [(len(PNG), None), (len(PNG) - 1, 413)])
def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_413(put, monkeypatch, most, status):
    limits = vault.checks.Limits(picture_bytes=most, pdf_bytes=1, video_bytes=1)
    monkeypatch.setattr(vault, "limits_of", lambda rules: limits)
    if status is None:
        assert put().size == most
        return
    with pytest.raises(Refused) as caught:
        put()
    assert caught.value.refusal.status == status


def test_the_limits_are_those_of_the_rulebook():
    rules = Rulebook(categories={}, windows=["09:00-21:00"], picture_mb=1, pdf_mb=2, video_mb=3).rules()
    limits = vault.limits_of(rules)
    assert (limits.picture_bytes, limits.pdf_bytes, limits.video_bytes) == (2**20, 2 * 2**20, 3 * 2**20)


def test_a_merchant_puts_nothing_into_the_vault_of_another_shops_order(cast, put):
    with pytest.raises(Refused) as caught:
        put(by=cast.as_charlie)
    assert caught.value.refusal.status == 404
    assert not Evidence.everything.exists()


def test_a_name_comes_without_its_path(put):
    assert put(name="../../etc/凭证.png").name == "凭证.png"


def test_an_interrupted_write_leaves_nothing_to_read(put, monkeypatch, tmp_path):
    assert refusal_of(put, monkeypatch, "replace", OSError(errno.EIO, "broken")).status == 503
    assert not kept_files(tmp_path)
    assert not Evidence.everything.exists()


def test_a_full_disk_is_told_as_such_and_leaves_nothing(put, monkeypatch, tmp_path):
    refusal = refusal_of(put, monkeypatch, "fsync", OSError(errno.ENOSPC, "full"))
    assert (refusal.status, "凭证.png" in refusal.text, "no room" in refusal.text) == (507, True, True)
    assert not kept_files(tmp_path)


def test_after_an_interrupted_write_the_same_file_can_come_again(put, monkeypatch):
    refusal_of(put, monkeypatch, "fsync", OSError(errno.EIO, "broken"))
    assert put().open().read() == PNG


def test_what_is_there_already_is_written_again_so_that_time_does_not_tell(put, cast, monkeypatch):
    put()
    written, write = [], keeping.put
    monkeypatch.setattr(keeping, "put", lambda file, path: (written.append(path), write(file, path)))
    put(order=OrderFactory(shop=cast.other_shop), by=cast.as_charlie)
    assert written == [evidence_path(hashlib.sha256(PNG).hexdigest())]


def test_a_file_that_was_collected_while_its_piece_was_made_is_written_again(put, monkeypatch):
    monkeypatch.setattr(keeping, "is_there", lambda path: storages["evidence"].delete(path))
    assert put().open().read() == PNG


# What a shop and an order may hold
def test_a_shop_fills_its_quota_to_the_last_byte_and_no_further(cast, put, settings):
    settings.EVIDENCE_QUOTA_BYTES = 2 * len(PNG) + 1
    put()
    put(order=None, shop=cast.shop)
    with pytest.raises(Refused) as caught:
        put(PNG + b"..")
    assert caught.value.refusal.status == 413
    assert "takes" in caught.value.refusal.text
    settings.EVIDENCE_QUOTA_BYTES = 3 * len(PNG) + 2
    assert put(PNG + b"..").size == len(PNG) + 2


def test_nobody_else_fills_a_shops_quota(cast, put, settings):
    settings.EVIDENCE_QUOTA_BYTES = len(PNG)
    put(PNG + b"a", by=cast.as_pia, side="consumer")
    put(order=OrderFactory(shop=cast.other_shop), by=cast.as_charlie)
    assert put().size == len(PNG)


def test_an_order_has_so_many_pieces_of_a_side_and_no_more(cast, put, monkeypatch, tmp_path):
    monkeypatch.setattr(vault, "PIECES_MAX", 2)
    put(PNG + b"a"), put(PNG + b"b")
    with pytest.raises(Refused) as caught:
        put(PNG + b"c")
    assert (caught.value.refusal.status, len(kept_files(tmp_path))) == (409, 2)
    assert put(PNG + b"a") in Evidence.everything.all()
    assert put(PNG + b"c", by=cast.as_pia, side="consumer").side == "consumer"
    assert put(PNG + b"c", order=None, shop=cast.shop).order is None


def test_both_bounds_are_told_before_uploading(put):
    rules = Rulebook.objects.get(name="current").rules()
    told = " ".join(vault.checks.help_text(vault.limits_of(rules))).replace("\xa0", " ")
    assert "200 files" in told
    assert "20.0 GB" in told
    assert "20.0 GB" not in " ".join(vault.checks.help_text(vault.limits_of(rules, "consumer"))).replace("\xa0", " ")


def test_who_is_a_moment_later_with_the_same_bytes_gets_the_first_ones_piece(put, monkeypatch):
    first = put()
    # As seen by a second upload that looked before the first one was written.
    monkeypatch.setattr(vault, "_there", lambda home, sha256, side: None)
    assert put() == first


@pytest.mark.parametrize("kind", [SimpleUploadedFile, TemporaryUploadedFile])
def test_an_uploaded_file_can_still_be_read_afterwards(put, kind):
    if kind is SimpleUploadedFile:
        upload = SimpleUploadedFile("a.png", PNG)
    else:
        upload = TemporaryUploadedFile("a.png", "image/png", len(PNG), None)
        upload.write(PNG)
    piece = put(upload)
    upload.seek(0)
    assert upload.read() == PNG
    assert storages["evidence"].exists(evidence_path(piece.sha256))


# The shop's own vault
def test_a_piece_of_no_order_is_the_shops_own(cast, put):
    piece = put(order=None, shop=cast.shop)
    assert (piece.order, piece.shop) == (None, cast.shop)
    assert piece.history.get().move == "upload"


def test_the_shops_own_piece_is_kept_once_and_beside_an_orders(cast, put, order):
    own = put(order=None, shop=cast.shop)
    assert put(order=None, shop=cast.shop, by=cast.as_alice) == own
    assert put(order=order) != own
    assert put(order=None, shop=cast.other_shop, by=cast.as_charlie) != own
    assert Evidence.everything.count() == 3


def test_of_two_at_once_the_shops_own_vault_keeps_the_first(cast, put, monkeypatch):
    first = put(order=None, shop=cast.shop)
    monkeypatch.setattr(vault, "_there", lambda home, sha256, side: None)
    assert put(order=None, shop=cast.shop) == first


def test_nobody_puts_into_another_shops_own_vault(cast, put):
    with pytest.raises(Refused) as error:
        put(order=None, shop=cast.other_shop)
    assert error.value.refusal.status == 404
    assert not Evidence.everything.exists()
