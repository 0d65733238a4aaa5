"""How the formats of evidence are built, walked without decoding.

Nothing here knows the limits in force or the words on a screen: bounds come in, errors go out.
"""

import io
import re
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

import pypdf


class DamagedError(Exception):
    """The bytes are not what their format promises."""


class TooComplexError(Exception):
    """More objects than can be looked through."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a picture's own structure says; `end` is the byte after its end marker."""

    width: int
    height: int
    frames: int
    end: int


# Each part becomes an object of the decoder's; real pictures have at most some hundreds.
PICTURE_PARTS = 10_000
# Inside a scan FF00 is data and FFD0..FFD7 are restarts: neither begins a segment.
JPEG_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")
JPEG_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# A progressive picture costs a pass over all its pixels for each scan; cameras and editors write about ten.
JPEG_SCANS = 64
JPEG_USUAL_SCANS = 16
JPEG_PIXELS_PASSED = 800_000_000


def jpeg_shape(data: bytes) -> Shape:
    """Walk a JPEG's segments to its end marker. Raises DamagedError, TooComplexError, struct.error."""
    at, width, height, scans = 2, 0, 0, 0
    for _part in range(PICTURE_PARTS):
        match = JPEG_MARKER.search(data, at)
        if not match:
            raise DamagedError
        marker, at = match[1][0], match.end()
        if marker == 0xD9:
            if scans > JPEG_USUAL_SCANS and scans * width * height > JPEG_PIXELS_PASSED:
                break
            # Phones append a second picture or a clip behind the first: frames count only what is shown.
            return Shape(width, height, 1, at)
        if marker in JPEG_FRAME_MARKERS:
            lines, columns = struct.unpack_from(">HH", data, at + 3)
            width, height = max(width, columns), max(height, lines)
        scans += marker == 0xDA
        if scans > JPEG_SCANS:
            break
        at += struct.unpack_from(">H", data, at)[0]
    raise TooComplexError


def png_shape(data: bytes) -> Shape:
    """Walk a PNG's chunks to IEND. Raises DamagedError, TooComplexError, struct.error."""
    at, promised, frames = 8, 0, 0
    width, height = struct.unpack_from(">II", data, 16)
    for _part in range(PICTURE_PARTS):
        length, name = struct.unpack_from(">I4s", data, at)
        if name == b"acTL":
            promised = max(promised, struct.unpack_from(">I", data, at + 8)[0])
        frames += name == b"fcTL"
        at += 12 + length
        if at > len(data):
            raise DamagedError
        if name == b"IEND":
            return Shape(width, height, max(promised, frames, 1), at)
    raise TooComplexError


def webp_shape(data: bytes) -> Shape:
    """Walk a WebP's chunks to the end of its container. Raises DamagedError, struct.error."""
    end = 8 + struct.unpack_from("<I", data, 4)[0]
    at, frames = 12, 0
    while at + 8 <= end:
        name, length = struct.unpack_from("<4sI", data, at)
        frames += name == b"ANMF"
        at += 8 + length + length % 2
    if end > len(data) or at > end + 1:
        raise DamagedError
    return Shape(*webp_size(data), max(frames, 1), end)


def webp_size(data: bytes) -> tuple[int, int]:
    """Width and height of a WebP's canvas in pixels. Raises struct.error."""
    if data[12:16] == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if data[12:16] == b"VP8L":
        packed = struct.unpack_from("<I", data, 21)[0]
        return 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def holds_program(data: bytes) -> bool:
    """Whether a DOS or Windows program starts at the first byte, or a Windows program anywhere."""
    # MZ alone is two bytes and turns up by chance in any clip: further on it counts only with its PE header.
    starts = (match.start() for match in re.finditer(b"MZ", data))
    return data.startswith(b"MZ") or any(
        data.startswith(b"PE\x00\x00", start + int.from_bytes(data[start + 60 : start + 64], "little"))
        for start in starts
    )


PDF_OBJECT = re.compile(rb"(?<!\d)(\d{1,40})[\s\0]{1,16}(\d{1,40})[\s\0]{1,16}obj")
PDF_SPACE = re.compile(rb"[\s\0]{0,16}")
PDF_NAME = re.compile(rb"/[^\s\0()<>\[\]{}/%]{1,200}")
PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
# How often the parser may ask for the next bytes: about a second of its work. Honest files of 20 MB ask far less.
PDF_READS = 1_000_000
# Of the processor's time. Far above what so many readings take, but for tokens that grow without end.
PDF_SECONDS = 1.25
# Actions that follow each other.
PDF_FOLLOWING = 1_000
# Of tables of objects that are packed, in all; an honest file's are some hundred kilobytes.
PDF_UNPACKED_BYTES = 4_000_000


class Metered(io.BytesIO):
    """The bytes of a file, which can be asked for only so often and so long: a few can make a parser work for hours."""

    left = PDF_READS

    def __init__(self, data):
        super().__init__(data)
        self.until = time.thread_time() + PDF_SECONDS

    def read(self, *size):
        self.left -= 1
        if self.left < 0 or self.left % 1024 == 0 and time.thread_time() > self.until:
            # Whoever catches this and goes on asking is told the same again.
            self.left = 0
            raise TooComplexError
        return super().read(*size)


class UndecryptedReader(pypdf.PdfReader):
    """Never tries a password: an encrypted file is recognised whichever cipher it has.

    `packed` are the unpacked bytes of each stream of objects, by its number; all together are bounded.
    """

    is_encrypted = False

    def __init__(self, stream):
        self.packed = {}
        super().__init__(stream)

    def _get_object_from_stream(self, indirect_reference):
        self.unpack(self.xref_objStm[indirect_reference.idnum][0])
        return super()._get_object_from_stream(indirect_reference)

    def unpack(self, number):
        """Unpacks a stream of objects, once. Raises TooComplexError, and what the parser raises."""
        if number in self.packed:
            return
        # Before it is tried: one that fails at its bound has cost as much.
        self.packed[number] = bytes(PDF_UNPACKED_BYTES // 8)
        stream = pypdf.generic.IndirectObject(number, 0, self).get_object()
        if stream.get("/Filter", "/FlateDecode") not in ("/FlateDecode", ["/FlateDecode"]):
            raise TooComplexError
        self.packed[number] = stream.get_data()
        if sum(map(len, self.packed.values())) > PDF_UNPACKED_BYTES:
            raise TooComplexError


def pdf_dictionaries(reader: UndecryptedReader, data: bytes, *, most: int) -> Iterator[dict]:
    """Every dictionary that the trailer or the file's table leads to, once. Raises TooComplexError, DamagedError."""
    written = {int(found[1]) for found in PDF_OBJECT.finditer(data)}
    pending, seen, visits, carried = [*_pdf_listed(reader), reader.trailer], set(), 0, 0
    while pending:
        node = pending.pop()
        if isinstance(node, pypdf.generic.IndirectObject):
            if (node.idnum, node.generation) in seen:
                continue
            seen.add((node.idnum, node.generation))
            # Null to this parser, but a viewer that repairs files would find and run it.
            if not _is_listed(node) and node.idnum in written:
                raise DamagedError
            node = node.get_object()
        visits += 1
        if visits > most:
            raise TooComplexError
        if isinstance(node, dict):
            # Streams that overlap in the file would be held in memory once each.
            carried += len(getattr(node, "_data", b""))
            if carried > 2 * len(data):
                raise DamagedError
            yield node
        inside = dict.values(node) if isinstance(node, dict) else node if isinstance(node, list) else ()
        pending.extend(v for v in inside if isinstance(v, dict | list | pypdf.generic.IndirectObject))


def _pdf_listed(reader):
    """Every object of the file's table: what nothing refers to may be referred to by a later change."""
    listed = [(number, generation) for generation, places in reader.xref.items() for number in places]
    packed = [(number, 0) for number in reader.xref_objStm]
    return [pypdf.generic.IndirectObject(number, generation, reader) for number, generation in listed + packed]


def pdf_forgotten_names(reader: UndecryptedReader, data: bytes) -> Iterator[str]:
    """The names in objects that the file's table passes over: older versions, and what it never listed.

    A viewer that repairs files would find them. Read without a parser, names with their escapes resolved.
    Raises DamagedError for a forgotten stream of objects, TooComplexError.
    """
    listed = {PDF_SPACE.match(data, place).end() for places in reader.xref.values() for place in places.values()}
    starts = [found.start() for found in PDF_OBJECT.finditer(data)]
    for start, end in pairwise([*starts, len(data)]):
        if start not in listed:
            for name in _pdf_names(data[start:end]):
                if name == "/ObjStm":
                    raise DamagedError
                yield name
    for number in {stream for stream, _index in reader.xref_objStm.values()}:
        reader.unpack(number)
        kept = reader.packed[number]
        inside = re.match(rb"(?:\s*\d{1,10}\s{1,16}\d{1,10})*", kept)[0].split()[::2]
        if any(reader.xref_objStm.get(int(one), (None,))[0] != number for one in inside):
            yield from _pdf_names(kept)


def _pdf_names(data):
    for name in PDF_NAME.findall(data):
        plain = PDF_ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), name) if b"#" in name else name
        yield plain.decode("latin-1")


def pdf_starts(node: dict) -> Iterator[str]:
    """The kinds of the actions that this dictionary starts by itself, those that follow included."""
    automatic = _resolved(dict.get(node, "/AA"))
    pending = [dict.get(node, "/OpenAction"), *(dict.values(automatic) if isinstance(automatic, dict) else ())]
    for _step in range(PDF_FOLLOWING):
        if not pending:
            return
        action = _resolved(pending.pop())
        if isinstance(action, dict):
            yield pdf_name(action, "/S")
            following = _resolved(dict.get(action, "/Next"))
            pending += following if isinstance(following, list) else [following]
    raise TooComplexError


def _resolved(value):
    """What a reference leads to; None for what the table does not list: the parser would search the whole file."""
    if not isinstance(value, pypdf.generic.IndirectObject):
        return value
    return value.get_object() if _is_listed(value) else None


def _is_listed(reference):
    number, generation, reader = reference.idnum, reference.generation, reference.pdf
    return number in reader.xref_objStm or number in reader.xref.get(generation, {})


def pdf_name(node: dict, key: str) -> str:
    """The name under a key, also when it stands elsewhere in the file, "" for anything else."""
    value = _resolved(dict.get(node, key))
    return value if isinstance(value, pypdf.generic.NameObject) else ""


def pdf_is_astray(reader: pypdf.PdfReader, data: bytes) -> bool:
    """Whether an object is not where the file's own table says.

    The parser would search the whole file for each such object, and viewers differ in what they then take.
    """
    for generation, places in reader.xref.items():
        for number, place in places.items():
            found = PDF_OBJECT.match(data, PDF_SPACE.match(data, place).end())
            if not found or (int(found[1]), int(found[2])) != (number, generation):
                return True
    return False


def mp4_boxes(file: BinaryIO, start: int, end: int, most: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, first and last+1 byte of what each box between start and end holds.

    Raises DamagedError for a box that does not fit, struct.error for a cut one, TooComplexError past `most`.
    """
    while start < end:
        most -= 1
        if most < 0:
            raise TooComplexError
        file.seek(start)
        head = file.read(16)
        size, name = struct.unpack_from(">I4s", head)
        header = 8
        if size == 1:
            size, header = struct.unpack_from(">Q", head, 8)[0], 16
        elif size == 0:
            size = end - start
        if size < header or start + size > end:
            raise DamagedError
        yield name, start + header, start + size
        start += size
