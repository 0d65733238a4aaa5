"""What may come in as evidence: judged by content, never by its name or by what the browser claims.

Each check is a small object in `CHECKS`; all that apply run, all they find is reported, and the same objects
write the help text shown before uploading. Every limit here is assumed: the sources name none.
"""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

import pypdf
from django.db.models import TextChoices
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from shop_cs.evidence import structure
from shop_cs.evidence.structure import DamagedError, Shape, TooComplexError

HEAD_BYTES = 4096


class Kind(TextChoices):
    """The five formats that are accepted as evidence, by media type."""

    JPEG = "image/jpeg", gettext_lazy("JPEG picture")
    PNG = "image/png", gettext_lazy("PNG picture")
    WEBP = "image/webp", gettext_lazy("WebP picture")
    PDF = "application/pdf", gettext_lazy("PDF document")
    MP4 = "video/mp4", gettext_lazy("MP4 video")


PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may hold: sizes in bytes, sides in pixels, picture_pixels summed over all frames.

    The last two, where given, bound not one file but many: the bytes of a shop, the files of an order. They are told
    before uploading, and kept by the vault.
    """

    picture_bytes: int
    pdf_bytes: int
    video_bytes: int
    picture_pixels: int = 50_000_000
    webp_pixels: int = 20_000_000
    picture_side: int = 20_000
    picture_frames: int = 1
    pdf_objects: int = 100_000
    video_boxes: int = 10_000
    shop_bytes: int | None = None
    order_pieces: int | None = None

    def bytes_of(self, kind: Kind) -> int:
        """The most bytes that a file of this kind may have."""
        if kind in PICTURES:
            return self.picture_bytes
        return self.pdf_bytes if kind is Kind.PDF else self.video_bytes


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file is refused: a code that stays, and a translated sentence that says what to do."""

    code: str
    text: str


SHAPES = {Kind.JPEG: structure.jpeg_shape, Kind.PNG: structure.png_shape, Kind.WEBP: structure.webp_shape}
DECODERS = {Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.WEBP: "WEBP"}


@dataclass
class Upload:
    """One file under examination."""

    file: BinaryIO
    kind: Kind | None
    size: int

    @cached_property
    def data(self) -> bytes:
        """The whole file; for pictures and PDF only, and only once their size is small enough."""
        self.file.seek(0)
        return self.file.read(self.size)

    @cached_property
    def shape(self) -> Shape:
        """The picture's shape; raises what its walk raises."""
        return SHAPES[self.kind](self.data)


class Check:
    """One thing that a file must be; `guarded` ones run only while nothing has been found wrong."""

    kinds: frozenset[Kind | None] = frozenset(Kind)
    guarded = False

    def find(self, upload: Upload, limits: Limits) -> Iterable[Problem]:
        """What is wrong; whatever it raises is reported as damage."""
        raise NotImplementedError

    def describe(self, limits: Limits) -> str:
        """The sentence for the help text, "" for what needs no telling before uploading."""
        return ""


class NotEmpty(Check):
    """Has at least one byte."""

    kinds = frozenset({None, *Kind})

    def find(self, upload, limits):
        if not upload.size:
            yield Problem("empty", _("This file is empty. Choose another one."))


class Known(Check):
    """Is one of the five kinds."""

    kinds = frozenset({None})

    def find(self, upload, limits):
        if upload.size:
            text = _("This is not a JPEG, PNG or WebP picture, a PDF or an MP4 video, whatever its name says.")
            yield Problem("unknown", text + " " + _("Save it as one of these and upload it again."))

    def describe(self, limits):
        return _("JPEG, PNG and WebP pictures, PDF documents and MP4 videos are accepted.")


class Size(Check):
    """Is not larger than its kind may be; to be that large is allowed."""

    def find(self, upload, limits):
        most = limits.bytes_of(upload.kind)
        if upload.size > most:
            text = _("This file is larger than %(most)s. Make it smaller or split it.")
            yield Problem("too_big", text % {"most": filesizeformat(most)})

    def describe(self, limits):
        return _("At most %(picture)s for a picture, %(pdf)s for a PDF and %(video)s for a video.") % {
            "picture": filesizeformat(limits.picture_bytes),
            "pdf": filesizeformat(limits.pdf_bytes),
            "video": filesizeformat(limits.video_bytes),
        }


class PictureShape(Check):
    """Is small enough to be decoded, by what its header says: a few bytes can ask for all memory."""

    kinds = PICTURES
    guarded = True

    def find(self, upload, limits):
        shape = upload.shape
        if not (shape.width and shape.height):
            raise DamagedError
        pixels = shape.width * shape.height * shape.frames
        # The decoder of WebP needs four times the memory of the others.
        most = min(limits.webp_pixels if upload.kind is Kind.WEBP else pixels, limits.picture_pixels)
        if max(shape.width, shape.height) > limits.picture_side or pixels > most:
            yield Problem("too_many_pixels", _("This picture has too many pixels. Scale it down."))
        if shape.frames > limits.picture_frames:
            yield Problem("animated", _("This picture moves. Upload a still picture or an MP4 video."))

    def describe(self, limits):
        text = _(
            "A picture has at most %(pixels)s megapixels (WebP: %(webp)s), at most %(side)s pixels a side, "
            "and does not move."
        )
        told = {"pixels": limits.picture_pixels, "webp": limits.webp_pixels}
        return text % {
            **{name: f"{most / 1_000_000:g}" for name, most in told.items()},
            "side": limits.picture_side,
        }


class PictureTail(Check):
    """A picture that is also an archive, a document, a page or a program."""

    kinds = PICTURES
    guarded = True
    FOREIGN = re.compile(rb"PK\x03\x04|%PDF-|(?i:<!doctype\s{1,64}html|<html|<script|<svg[\s>])")

    def find(self, upload, limits):
        tail = upload.data[upload.shape.end :]
        if self.FOREIGN.search(tail) or structure.holds_program(tail):
            text = _("Another file is hidden behind this picture. Take a screenshot of it and upload that.")
            yield Problem("hidden_file", text)


class PictureDecodes(Check):
    """Can be decoded to its last frame, by the one decoder of its own format."""

    kinds = PICTURES
    guarded = True

    def find(self, upload, limits):
        decoder = [DECODERS[upload.kind]]
        with Image.open(io.BytesIO(upload.data), formats=decoder) as picture:
            picture.verify()
        with Image.open(io.BytesIO(upload.data), formats=decoder) as picture:
            if picture.size != (upload.shape.width, upload.shape.height):
                raise DamagedError
            # Reads every byte of a JPEG but keeps an eighth of each side in memory.
            picture.draft(None, (1, 1))
            for frame in range(min(upload.shape.frames, getattr(picture, "n_frames", 1))):
                if frame:
                    picture.seek(frame)
                picture.load()
        return ()


PDF_HEADER = re.compile(rb"%PDF-(1\.[0-7]|2\.0)")
PDF_TRAILER = re.compile(rb"startxref\s{1,8}\d{1,12}\s{1,8}%%EOF")
PDF_TRAILER_BYTES = 1024 + 64
# Only tables of objects are unpacked, never pages or pictures.
PDF_BOUNDS = {
    "zlib_maximum_output_length": 1_000_000,
    "lzw_maximum_output_length": 100_000,
    "run_length_maximum_output_length": 100_000,
    "brotli_maximum_output_length": 100_000,
    "stream_decoding_work_maximum_length": 4_000_000,
    "stream_filters_maximum_length": 2,
    "page_tree_maximum_entries": 10_000,
    "page_tree_maximum_page_entries": 100_000,
    "page_tree_maximum_depth": 50,
}
PDF_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA"})
PDF_SENDS = frozenset({"/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Thread"})
PDF_PLAYS = frozenset({"/Movie", "/Sound", "/Rendition", "/RichMediaExecute"})
PDF_ACTIVE_ACTIONS = frozenset({"/JavaScript", "/Launch"}) | PDF_SENDS | PDF_PLAYS
# What a document may do by itself when it is opened or looked at: turn to a page.
PDF_STARTS = frozenset({"", "/GoTo", "/Named"})
PDF_CARRIER_KEYS = frozenset({"/EmbeddedFiles", "/EF"})
PDF_CARRIER_TYPES = frozenset({"/EmbeddedFile", "/FileAttachment", "/RichMedia", "/3D"}) | PDF_PLAYS
# Where no parser says what is a name and what only looks like one: long enough to be no accident.
PDF_FORGOTTEN_ACTIVE = PDF_ACTIVE_ACTIONS - {"/Movie", "/Sound", "/Thread"}
PDF_FORGOTTEN_CARRIERS = frozenset({"/EmbeddedFile", "/EmbeddedFiles", "/FileAttachment", "/RichMedia"})


class PdfWhole(Check):
    """Ends as a PDF ends."""

    kinds = frozenset({Kind.PDF})
    guarded = True

    def find(self, upload, limits):
        if not PDF_TRAILER.search(upload.data[-PDF_TRAILER_BYTES:]):
            yield Problem("incomplete", _("The end of this PDF is missing. Save or download it again."))


class PdfHarmless(Check):
    """Opens, and holds nothing that acts or travels along, however deeply nested."""

    kinds = frozenset({Kind.PDF})
    guarded = True

    def find(self, upload, limits):
        with pypdf.apply_configuration(**PDF_BOUNDS):
            reader = structure.UndecryptedReader(structure.Metered(upload.data))
            if "/Encrypt" in reader.trailer:
                text = _("This PDF is encrypted. Remove the password and the restrictions, then upload it again.")
                return [Problem("encrypted", text)]
            if structure.pdf_is_astray(reader, upload.data):
                raise DamagedError
            return self.look_through(reader, upload.data, limits)

    def look_through(self, reader, data, limits):
        found = set()
        for node in structure.pdf_dictionaries(reader, data, most=limits.pdf_objects):
            found |= self.wrong_with(node)
        forgotten = set(structure.pdf_forgotten_names(reader, data))
        found |= {"active"} if forgotten & PDF_FORGOTTEN_ACTIVE else set()
        found |= {"attachments"} if forgotten & PDF_FORGOTTEN_CARRIERS else set()
        if not found and not reader.get_num_pages():
            raise DamagedError
        texts = {
            "active": _("This PDF contains a script, sends something or starts a program."),
            "attachments": _("This PDF has other files attached. Upload those on their own."),
        }
        advice = _("Print it to a new PDF and upload that.")
        return [Problem(code, f"{texts[code]} {advice}") for code in sorted(found)]

    def wrong_with(self, node):
        """What one dictionary is refused for, as codes."""
        wrong = set()
        elsewhere = isinstance(node, pypdf.generic.StreamObject) and "/F" in node
        acts = PDF_ACTIVE_KEYS & node.keys() or structure.pdf_name(node, "/S") in PDF_ACTIVE_ACTIONS
        if acts or elsewhere or not PDF_STARTS.issuperset(structure.pdf_starts(node)):
            wrong.add("active")
        types = {structure.pdf_name(node, key) for key in ("/Type", "/Subtype")}
        if PDF_CARRIER_TYPES & types or PDF_CARRIER_KEYS & node.keys():
            wrong.add("attachments")
        return wrong

    def describe(self, limits):
        return _("A PDF has no password, no scripts, no forms with scripts and no attached files.")


# QuickTime, 3GP, M4A and HEIC share the container and are something else.
MP4_BRANDS = frozenset(b"isom iso2 iso3 iso4 iso5 iso6 mp41 mp42 avc1 dash MSNV".split()) | {b"M4V "}


class VideoWhole(Check):
    """Is made of boxes that fit the file, with an index of at least one track."""

    kinds = frozenset({Kind.MP4})
    guarded = True

    def find(self, upload, limits):
        playable, left = False, limits.video_boxes
        for name, start, end in structure.mp4_boxes(upload.file, 0, upload.size, limits.video_boxes):
            if name == b"moov":
                inside = [box[0] for box in structure.mp4_boxes(upload.file, start, end, left)]
                left -= len(inside)
                playable = playable or {b"mvhd", b"trak"} <= set(inside)
        if not playable:
            text = _("This video cannot be played: its index is missing. Export it again and upload that.")
            yield Problem("incomplete", text)


CHECKS: tuple[Check, ...] = (
    NotEmpty(),
    Known(),
    Size(),
    PictureShape(),
    PictureTail(),
    PictureDecodes(),
    PdfWhole(),
    PdfHarmless(),
    VideoWhole(),
)


def sniff(file: BinaryIO) -> Kind | None:
    """The kind that the first bytes of a file promise, or None; reads only the head, leaves the file at 0."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    box = int.from_bytes(head[:4], "big")
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"):
        return Kind.PNG
    if head.startswith(b"RIFF") and head[8:16] in (b"WEBPVP8 ", b"WEBPVP8L", b"WEBPVP8X"):
        return Kind.WEBP
    if PDF_HEADER.match(head):
        return Kind.PDF
    if head[4:8] == b"ftyp" and head[8:12] in MP4_BRANDS and 16 <= box <= len(head) and box % 4 == 0:
        return Kind.MP4
    return None


def examine(check: Check, upload: Upload, limits: Limits) -> list[Problem]:
    """What one check finds; a parser that fails in any way has met a damaged file."""
    try:
        return list(check.find(upload, limits))
    except TooComplexError:
        text = _("This file is too complex to be examined. Print or export it to a new file and upload that.")
        return [Problem("too_complex", text)]
    # The parsers promise no closed set of errors for bytes made to break them.
    except Exception:
        return [Problem("damaged", _("This file is damaged. Check that it opens, save it again and upload that."))]


def problems(file: BinaryIO, *, limits: Limits) -> tuple[Kind | None, list[Problem]]:
    """The kind of a seekable binary file and everything that is wrong with it; leaves the file at 0.

    Sizes are bytes. Never raises for what the file contains, and never holds a video in memory.
    """
    kind = sniff(file)
    file.seek(0, io.SEEK_END)
    upload = Upload(file, kind, file.tell())
    found: list[Problem] = []
    try:
        for check in CHECKS:
            if kind in check.kinds and not (found and check.guarded):
                found += examine(check, upload, limits)
    finally:
        file.seek(0)
    return kind, found


def help_text(limits: Limits) -> list[str]:
    """What the checks ask for, one sentence each, to be shown before uploading."""
    told = [text for check in CHECKS if (text := check.describe(limits))]
    if limits.order_pieces is not None:
        told.append(_("At most %(n)s files are kept for one order.") % {"n": limits.order_pieces})
    if limits.shop_bytes is not None:
        text = _("All evidence that your shop has uploaded may take %(most)s together.")
        told.append(text % {"most": filesizeformat(limits.shop_bytes)})
    return told
