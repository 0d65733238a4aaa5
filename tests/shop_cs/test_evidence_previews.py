"""Previews: what is shown of a picture is its pixels, upright, and nothing else that its file carried."""

import io
import struct
import zlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse
from PIL import Image

from shop_cs.evidence import keeping, previews
from shop_cs.evidence.checks import Kind
from shop_cs.models import evidence_path
from tests.factories import PNG, EvidenceFactory, OrderFactory

CANARY = b"CANARY-30.2741N"
FORMS = {Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.WEBP: "WEBP"}


def saved(picture, form, **options):
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def carrying(kind, size=(640, 320)):
    """A picture, red on the left, lying on its side, with canaries wherever its format can carry something."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, CANARY.decode()
    exif.get_ifd(0x8825)[29] = CANARY.decode()
    data = saved(picture, FORMS[kind], exif=exif, icc_profile=CANARY * 20, xmp=CANARY, comment=CANARY)
    if kind is Kind.PNG:
        text = b"Comment\0" + CANARY
        note = struct.pack(">I4s", len(text), b"tEXt") + text + struct.pack(">I", zlib.crc32(b"tEXt" + text))
        data = data[:33] + note + data[33:]
    return data + CANARY


@pytest.fixture
def kept(cast):
    """A piece of Alice's shop with these bytes."""

    def kept(content, kind=Kind.PNG):
        piece = EvidenceFactory(order=OrderFactory(shop=cast.shop), content=content, kind=kind)
        path = evidence_path(piece.sha256)
        storages["evidence"].delete(path)
        storages["evidence"].save(path, ContentFile(content))
        return piece

    return kept


@pytest.fixture
def look(client, cast):
    def look(piece, name="evidence-preview", user=None):
        reader = user or cast.bob
        if client.session.get("_auth_user_id") != str(reader.pk):
            client.force_login(reader)
        return client.get(reverse(name, args=[piece.pk]))

    return look


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_a_preview_is_upright_and_carries_nothing_of_the_file_but_its_pixels(kind):
    data = carrying(kind)
    assert CANARY in data
    drawn = previews.draw(data, kind, 320)
    assert CANARY not in drawn
    with Image.open(io.BytesIO(drawn)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (160, 320))
        assert not {"exif", "icc_profile", "xmp", "comment"} & picture.info.keys()
        top, bottom = picture.convert("RGB").getpixel((80, 40)), picture.convert("RGB").getpixel((80, 280))
    assert (top[0] > 200, bottom[2] > 200) == (True, True)


@pytest.mark.parametrize(("length", "side", "drawn"), [(1600, 1600, 1600), (1601, 1600, 1600), (90, 320, 90)])
def test_its_longest_side_is_bounded_and_never_blown_up(length, side, drawn):
    data = saved(Image.new("RGB", (length, 30)), "PNG")
    with Image.open(io.BytesIO(previews.draw(data, Kind.PNG, side))) as picture:
        assert picture.width == drawn


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_each_kind_of_pixels_is_shown_and_what_is_transparent_lies_on_white(mode):
    picture = Image.new(mode, (400, 40), 0)
    with Image.open(io.BytesIO(previews.draw(saved(picture, "PNG"), Kind.PNG, 320))) as drawn:
        expected = 255 if mode in {"LA", "RGBA"} else 0
        assert drawn.size == (320, 32)
        assert all(abs(value - expected) < 4 for value in drawn.getpixel((9, 9)))


def test_a_lighter_grey_of_sixteen_bits_stays_lighter():
    picture = Image.new("I;16", (40, 40), 0xC000)
    with Image.open(io.BytesIO(previews.draw(saved(picture, "PNG"), Kind.PNG, 320))) as drawn:
        assert abs(drawn.getpixel((9, 9))[0] - 0xC0) < 4


def test_it_is_made_on_the_first_look_and_kept(kept, look, monkeypatch):
    piece = kept(carrying(Kind.JPEG), Kind.JPEG)
    first, small = look(piece), look(piece, "evidence-small")
    assert (first.status_code, first["Content-Type"], small["Content-Type"]) == (200, "image/webp", "image/webp")
    assert len(small.content) < len(first.content)
    assert first["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in first["Content-Security-Policy"]
    monkeypatch.setattr(previews, "draw", lambda *args: pytest.fail("drawn again"))
    assert look(piece).content == first.content


def test_only_who_may_see_the_piece_sees_its_preview(cast, kept, look):
    piece = kept(PNG)
    for name in ("evidence-preview", "evidence-small"):
        seen = {who: look(piece, name, getattr(cast, who)).status_code for who in ("alice", "rita", "olive", "charlie")}
        assert seen == {"alice": 200, "rita": 200, "olive": 200, "charlie": 404}


def test_where_no_preview_can_be_made_a_sign_says_so(kept, look):
    broken, gone = look(kept(PNG[:45])), kept(PNG + b"gone")
    storages["evidence"].delete(evidence_path(gone.sha256))
    for answer in (broken, look(gone)):
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert look(kept(b"%PDF-1.7", Kind.PDF)).status_code == 404


def test_a_preview_that_cannot_be_kept_is_shown_all_the_same(kept, look, monkeypatch):
    piece = kept(PNG)

    def full(*args):
        raise keeping.StorageFullError

    monkeypatch.setattr(keeping, "put", full)
    assert look(piece)["Content-Type"] == "image/webp"


def test_a_storage_that_is_away_is_503(kept, look, monkeypatch):
    piece = kept(PNG)

    def away(path):
        raise keeping.StorageAwayError

    monkeypatch.setattr(keeping, "opened", away)
    assert (look(piece).status_code, look(piece, "evidence").status_code) == (503, 503)
    assert look(piece, "evidence")["Retry-After"] == "10"
