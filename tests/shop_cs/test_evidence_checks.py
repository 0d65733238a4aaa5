"""What may come in as evidence, on both sides of each limit."""

import io
import random
import struct
import zlib
from dataclasses import replace

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import generic as g
from pypdf.actions import JavaScript

from shop_cs.evidence import checks, structure
from shop_cs.evidence.checks import Kind, Limits, help_text, sniff
from shop_cs.evidence.names import clean_name

MB = 1024 * 1024
LIMITS = Limits(picture_bytes=10 * MB, pdf_bytes=20 * MB, video_bytes=200 * MB)


def picture(form, size=(60, 40), **options):
    pixels = random.Random(7).randbytes(size[0] * size[1] * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", size, pixels).save(out, form, **options)
    return out.getvalue()


def moving(form, frames, size=(16, 16)):
    shades = [Image.new("RGB", size, (80 * n, 40, 10)) for n in range(frames)]
    return picture(form, size, save_all=True, append_images=shades[1:])


def pdf(change=None, **encryption):
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    if change:
        change(writer)
    if encryption:
        writer.encrypt(**encryption)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def box(name, body=b"", size=None):
    return struct.pack(">I4s", 8 + len(body) if size is None else size, name) + body


FTYP = box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2")
MOOV = box(b"moov", box(b"mvhd", bytes(100)) + box(b"trak", bytes(20)))
MP4 = FTYP + MOOV + box(b"mdat", bytes(500))
GOOD = {kind: picture(kind.name) for kind in checks.PICTURES} | {Kind.PDF: pdf(), Kind.MP4: MP4}
EVERY_KIND = pytest.mark.parametrize("kind", list(Kind))
EVERY_PICTURE = pytest.mark.parametrize("kind", sorted(checks.PICTURES))


def codes(data, **changed):
    file = io.BytesIO(data)
    _, found = checks.problems(file, limits=replace(LIMITS, **changed))
    assert file.tell() == 0
    assert all(str(problem.text) for problem in found)
    return [problem.code for problem in found]


@EVERY_KIND
def test_a_good_file_of_each_kind_is_taken(kind):
    file = io.BytesIO(GOOD[kind])
    assert checks.problems(file, limits=LIMITS) == (kind, [])
    assert (sniff(file), file.tell()) == (kind, 0)


@EVERY_KIND
def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(kind):
    field = {Kind.PDF: "pdf_bytes", Kind.MP4: "video_bytes"}.get(kind, "picture_bytes")
    assert codes(GOOD[kind], **{field: len(GOOD[kind])}) == []
    assert codes(GOOD[kind], **{field: len(GOOD[kind]) - 1}) == ["too_big"]


def test_nothing_at_all_is_refused_as_empty_and_one_byte_as_unknown():
    assert codes(b"") == ["empty"]
    assert codes(b"x") == ["unknown"]


STRANGERS = [picture("GIF"), picture("BMP"), b"<html><script>alert(1)</script></html>", b"MZ" + bytes(200)]
STRANGERS += [b"PK\x03\x04" + bytes(200), b"junk " + GOOD[Kind.PDF], MOOV + FTYP]
STRANGERS += [box(b"ftyp", brand + b"\x00\x00\x02\x00isom") + MOOV for brand in (b"qt  ", b"heic", b"M4A ")]
STRANGERS += [b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40)]


@pytest.mark.parametrize("data", STRANGERS)
def test_anything_but_the_five_kinds_is_unknown(data):
    assert codes(data) == ["unknown"]


def test_a_file_too_large_is_never_read_whole():
    class Watched(io.BytesIO):
        most = 0

        def read(self, size=-1):
            data = super().read(size)
            self.most = max(self.most, len(data))
            return data

    for data in (GOOD[Kind.JPEG] + bytes(MB), GOOD[Kind.PDF] + bytes(MB), MP4 + box(b"free", bytes(MB))):
        file = Watched(data)
        checks.problems(file, limits=Limits(picture_bytes=MB, pdf_bytes=MB, video_bytes=2 * MB))
        assert file.most <= checks.HEAD_BYTES


@EVERY_PICTURE
def test_a_picture_of_exactly_so_many_pixels_is_taken_and_one_fewer_allowed_refuses_it(kind):
    assert codes(GOOD[kind], picture_pixels=2400) == []
    assert codes(GOOD[kind], picture_pixels=2399) == ["too_many_pixels"]


@EVERY_PICTURE
def test_a_picture_of_exactly_the_longest_side_is_taken_and_one_less_refuses_it(kind):
    assert codes(GOOD[kind], picture_side=60) == []
    assert codes(GOOD[kind], picture_side=59) == ["too_many_pixels"]


def test_a_few_bytes_that_ask_for_all_memory_are_refused_from_the_header(monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *args, **options: pytest.fail("decoded"))
    data = GOOD[Kind.PNG]
    assert codes(data[:16] + struct.pack(">II", 60_000, 60_000) + data[24:]) == ["too_many_pixels"]
    lossless = bytearray(picture("WEBP", lossless=True))
    lossless[21:25] = struct.pack("<I", 0x3FFF | 0x3FFF << 14)
    assert codes(bytes(lossless)) == ["too_many_pixels"]


@pytest.mark.parametrize("options", [{"lossless": True}, {"lossless": False}, {"exif": b"Exif\x00\x00" + bytes(9)}])
def test_each_way_to_write_a_webp_is_measured_and_taken(options):
    assert codes(picture("WEBP", **options), picture_pixels=2400) == []
    assert codes(picture("WEBP", **options), picture_pixels=2399) == ["too_many_pixels"]


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
def test_a_picture_of_two_frames_is_taken_where_two_are_allowed_and_refused_where_one_is(form):
    assert codes(moving(form, 2), picture_frames=2) == []
    assert codes(moving(form, 2), picture_frames=1) == ["animated"]
    assert codes(moving(form, 3), picture_frames=2) == ["animated"]


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
def test_pixels_are_counted_over_all_frames_and_everything_found_is_told(form):
    data = moving(form, 2)
    assert codes(data, picture_frames=2, picture_pixels=512) == []
    assert codes(data, picture_frames=1, picture_pixels=511) == ["too_many_pixels", "animated"]


@EVERY_KIND
def test_a_file_cut_short_anywhere_is_refused(kind):
    data = GOOD[kind]
    for kept in {len(data) // 4, len(data) // 2, len(data) * 3 // 4, len(data) - 8}:
        assert codes(data[:kept]) in (["damaged"], ["incomplete"]), kept


def test_a_picture_whose_pixels_are_missing_or_wrong_though_its_frame_is_whole_is_refused():
    png, webp = GOOD[Kind.PNG], GOOD[Kind.WEBP]
    assert codes(png[:-1500] + png[-12:]) == ["damaged"]
    assert codes(png[:-20] + bytes([png[-20] ^ 1]) + png[-19:]) == ["damaged"]
    assert codes(b"RIFF\x5c\0\0\0" + webp[8:16] + b"\x50\0\0\0" + webp[20:100]) == ["damaged"]


def test_a_picture_in_a_great_many_parts_or_scans_is_too_complex_and_in_a_few_is_taken():
    jpeg, png = GOOD[Kind.JPEG], GOOD[Kind.PNG]
    note = struct.pack(">I4sI", 0, b"teXt", zlib.crc32(b"teXt"))
    scan = jpeg.index(b"\xff\xda")
    for parts, told in ((50, []), (structure.PICTURE_PARTS, ["too_complex"])):
        assert codes(jpeg[:2] + b"\xff\xfe\x00\x02" * parts + jpeg[2:]) == told
        assert codes(png[:33] + note * parts + png[33:]) == told
    assert codes(jpeg[:scan] + b"\xff\xda\x00\x02" * structure.JPEG_SCANS + jpeg[scan:]) == ["too_complex"]


PROGRAM = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\x00\x00"


TAILS = [b"PK\x03\x04", b"%PDF-1.7", b"<!DOCTYPE  html>", b"<HTML>", b"<script>", b"<svg ", PROGRAM]


@EVERY_PICTURE
@pytest.mark.parametrize("tail", TAILS)
def test_a_picture_with_another_file_behind_it_is_refused(kind, tail):
    assert codes(GOOD[kind] + tail) == ["hidden_file"]
    assert codes(GOOD[kind] + bytes(3000) + tail.replace(b"MZ", b".MZ")) == ["hidden_file"]


@EVERY_PICTURE
def test_harmless_bytes_behind_a_picture_are_let_through(kind):
    assert codes(GOOD[kind] + bytes(100)) == []
    assert codes(GOOD[kind] + b"SEFT a phone's own note, MZ and all") == []


def test_a_progressive_picture_and_a_second_one_behind_the_first_as_phones_write_it_are_taken():
    assert codes(picture("JPEG", progressive=True)) == []
    assert codes(picture("MPO", save_all=True, append_images=[Image.new("RGB", (30, 20))])) == []


def act(**entries):
    return g.DictionaryObject({g.NameObject(f"/{key}"): value for key, value in entries.items()})


def opens_with(action):
    return lambda writer: writer.root_object.update({g.NameObject("/OpenAction"): action})


def nest(inner, depth=30):
    for _ in range(depth):
        inner = g.ArrayObject([act(Next=inner)])
    return inner


SCRIPT = act(S=g.NameObject("/JavaScript"), JS=g.TextStringObject("app.alert(1)"))
LAUNCH = act(S=g.NameObject("/Launch"), F=g.TextStringObject("cmd.exe"))


@pytest.mark.parametrize(
    "change",
    [
        lambda writer: writer.add_open_action(JavaScript("app.alert(1)")),
        opens_with(SCRIPT),
        opens_with(LAUNCH),
        opens_with(nest(SCRIPT)),
        opens_with(nest(LAUNCH)),
        lambda writer: writer.pages[0].update({g.NameObject("/AA"): act(O=writer._add_object(SCRIPT))}),
        opens_with(act(S=g.NameObject("/Rendition"), JS=g.TextStringObject("x"))),
        lambda writer: writer.root_object.update({g.NameObject("/AcroForm"): act(XFA=g.ArrayObject())}),
        lambda writer: opens_with(act(S=writer._add_object(g.NameObject("/Launch"))))(writer),
    ],
)
def test_a_pdf_that_acts_is_refused_however_deep_it_hides_it(change):
    assert codes(pdf(change)) == ["active"]


def test_a_pdf_that_spells_its_script_in_hexadecimal_is_refused():
    data = pdf(opens_with(act(S=g.NameObject("/Launch"))))
    assert codes(data.replace(b"/Launch", b"/L#61unch")) == ["active"]


@pytest.mark.parametrize(
    "action",
    [
        act(S=g.NameObject("/GoTo"), D=g.ArrayObject([g.NumberObject(0), g.NameObject("/Fit")])),
        act(S=g.ArrayObject([g.NullObject()]), Type=g.ArrayObject()),
        nest(act(A=act(S=g.NameObject("/URI"), URI=g.TextStringObject("/JavaScript")))),
    ],
)
def test_a_pdf_that_only_opens_at_a_page_or_links_somewhere_is_taken(action):
    assert codes(pdf(opens_with(action))) == []


def test_a_pdf_with_a_file_attached_is_refused():
    stream = g.DecodedStreamObject()
    stream.set_data(b"MZ")
    stream.update({g.NameObject("/Type"): g.NameObject("/EmbeddedFile")})
    assert codes(pdf(lambda writer: writer.add_attachment("a.exe", b"MZ"))) == ["attachments"]
    assert codes(pdf(lambda writer: opens_with(nest(writer._add_object(stream)))(writer))) == ["attachments"]


def test_all_that_is_wrong_with_a_pdf_is_told_at_once():
    both = pdf(lambda writer: (writer.add_attachment("a.txt", b"a"), opens_with(SCRIPT)(writer)))
    assert sorted(codes(both)) == ["active", "attachments"]


def test_an_encrypted_pdf_is_refused_even_with_an_empty_password_or_an_unknown_cipher():
    assert codes(pdf(user_password="secret", algorithm="RC4-128")) == ["encrypted"]
    assert codes(pdf(user_password="", owner_password="o", algorithm="RC4-128")) == ["encrypted"]
    plain = pdf()
    assert codes(plain.replace(b"/Root", b"/Encrypt << /Filter /Odd /V 9 >> /Root")) == ["encrypted"]


def test_a_pdf_without_its_end_is_incomplete_and_with_little_behind_it_is_taken():
    data = GOOD[Kind.PDF]
    assert codes(data.rstrip().removesuffix(b"%%EOF")) == ["incomplete"]
    assert codes(data + b"\n" * 1000) == []
    assert codes(data + b"\n" * 2000) == ["incomplete"]


def test_a_pdf_without_a_page_is_damaged():
    assert codes(pdf(lambda writer: writer.remove_page(0))) == ["damaged"]


def test_a_pdf_of_exactly_so_many_objects_is_taken_and_one_fewer_allowed_refuses_it():
    most = next(n for n in range(1, 200) if codes(GOOD[Kind.PDF], pdf_objects=n) == [])
    assert most > 5
    assert codes(GOOD[Kind.PDF], pdf_objects=most - 1) == ["too_complex"]


def test_a_pdf_whose_table_points_at_the_wrong_place_is_damaged():
    data = GOOD[Kind.PDF]
    one, two = (b"%010d 00000 n" % data.index(b"%d 0 obj" % number) for number in (1, 2))
    assert codes(data.replace(one, one)) == []
    assert codes(data.replace(one, two)) == ["damaged"]
    assert codes(data.replace(one, b"%010d 00000 n" % 3)) == ["damaged"]


def test_a_pdf_may_refer_to_nothing_but_not_to_an_object_its_table_leaves_out():
    dangling = pdf(opens_with(act(Next=g.NumberObject(123456)))).replace(b"123456", b"99 0 R")
    assert codes(dangling) == []
    script = b"99 0 obj << /S /JavaScript /JS (x) >> endobj\n"
    at = dangling.index(b"xref\n")
    moved = dangling[:at] + script + dangling[at:].replace(b"%d\n%%%%EOF" % at, b"%d\n%%%%EOF" % (at + len(script)))
    assert codes(moved) == ["damaged"]


def test_a_video_may_use_every_form_of_box_length():
    wide = struct.pack(">I4sQ", 1, b"mdat", 16 + 40) + bytes(40)
    assert codes(FTYP + MOOV + wide) == []
    assert codes(FTYP + wide + MOOV) == []
    assert codes(FTYP + MOOV + box(b"mdat", bytes(40), size=0)) == []


@pytest.mark.parametrize("size", [508 + 1, 508 - 1, 7, 2])
def test_a_video_whose_last_box_does_not_end_with_the_file_is_damaged(size):
    assert codes(FTYP + MOOV + box(b"mdat", bytes(500), size=508)) == []
    assert codes(FTYP + MOOV + box(b"mdat", bytes(500), size=size)) == ["damaged"]


def test_a_box_shorter_than_its_own_header_or_longer_than_what_it_lies_in_is_damaged():
    for size in (0, 15, 57, 2**64 - 1):
        assert codes(FTYP + MOOV + struct.pack(">I4sQ", 1, b"mdat", size) + bytes(40)) == ["damaged"]
    assert codes(FTYP + box(b"moov", box(b"mvhd") + box(b"trak", size=9)) + box(b"mdat")) == ["damaged"]


def test_a_video_without_an_index_of_a_track_is_incomplete():
    assert codes(FTYP + box(b"mdat", MOOV)) == ["incomplete"]
    assert codes(FTYP + box(b"moov")) == ["incomplete"]
    assert codes(FTYP + box(b"moov", box(b"mvhd"))) == ["incomplete"]
    assert codes(FTYP + box(b"moov", box(b"mvhd") + box(b"trak"))) == []


def test_a_video_of_exactly_so_many_boxes_is_taken_and_one_more_is_not():
    assert codes(MP4, video_boxes=3) == []
    assert codes(MP4 + box(b"free"), video_boxes=3) == ["too_complex"]


def test_the_limits_are_told_before_uploading():
    told = " ".join(help_text(LIMITS)).replace("\xa0", " ")
    for word in ("JPEG", "10.0 MB", "20.0 MB", "200.0 MB", "50 megapixels", "20000", "password"):
        assert word in told


def test_a_name_keeps_what_is_readable_and_loses_path_and_invisible_characters():
    assert clean_name("退货凭证 1.jpg") == "退货凭证 1.jpg"
    assert clean_name("../../etc/passwd") == "passwd"
    assert clean_name("C:\\Users\\a\\签收.png") == "签收.png"
    assert clean_name("a\x00b\r\n.pdf") == "ab.pdf"
    assert clean_name("invoice\u202egpj.exe") == "invoicegpj.exe"
    assert clean_name("\u2066..\u2069.hidden.mp4") == "hidden.mp4"
    for nothing in ("", "...", "photos/", "\ud800", "\x00"):
        assert clean_name(nothing) == "evidence"


def test_a_name_of_a_hundred_characters_stands_and_a_longer_one_keeps_its_extension():
    assert clean_name("证" * 96 + ".jpg") == "证" * 96 + ".jpg"
    assert clean_name("证" * 97 + ".jpg") == "证" * 96 + ".jpg"
    assert clean_name("a." + "x" * 200) == "a." + "x" * 98


@given(st.text(max_size=300))
def test_a_cleaned_name_is_safe_and_stays_as_it_is(name):
    kept = clean_name(name)
    assert 1 <= len(kept) <= 100
    assert not kept.startswith(".")
    assert not set(kept) & set("/\\\x00\u202e\u2066")
    assert kept.encode()
    assert clean_name(kept) == kept


HEADS = [b"", b"\xff\xd8\xff", GOOD[Kind.PNG][:16], GOOD[Kind.WEBP][:16], b"%PDF-1.7\n", FTYP]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(HEADS), st.binary(max_size=2000))
def test_random_bytes_never_raise(head, body):
    codes(head + body)


SEEDS = [*GOOD.values(), moving("PNG", 2), moving("WEBP", 2), pdf(opens_with(nest(SCRIPT)))]
PATCHES = st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=6), st.integers(0, 6)), max_size=6)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SEEDS), PATCHES)
def test_mutations_of_good_files_never_raise(seed, patches):
    data = seed
    for at, new, dropped in patches:
        at %= len(data) or 1
        data = data[:at] + new + data[at + dropped :]
    codes(data, picture_frames=2)
