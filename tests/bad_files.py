"""Files that nobody should have to open, each made here: pictures and what only looks like one, videos, names.

`FILES` is {name: (maker, codes)}: the maker gives the bytes, codes are what the checks must find, () where the file is
harmless and taken. Those of PDFs are in `bad_pdfs`. Run as a program it examines all of them and prints as JSON
{"seconds": {name: CPU time}, "codes": {name: found}, "megabytes": peak}.
"""

import io
import json
import re
import resource
import struct
import sys
import time
import zlib
from pathlib import Path

from PIL import Image

from shop_cs.evidence import checks
from tests import bad_pdfs

MB = 1024 * 1024
LIMITS = checks.Limits(picture_bytes=10 * MB, pdf_bytes=20 * MB, video_bytes=200 * MB)
MEMORY_BYTES = 512 * MB


def saved(form, size=(60, 40), mode="RGB", **options):
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, form, **options)
    return out.getvalue()


def moving(form, frames):
    return saved(
        form, (8, 8), save_all=True, append_images=[Image.new("RGB", (8, 8), (n, 0, 9)) for n in range(frames)]
    )


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width=9, height=9, depth=8, colour=0, more=b"", pixels=None):
    """A PNG of zeros; `more` are chunks before the pixels, `pixels` their packed bytes if they shall be others."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    packed = pixels or zlib.compress(bytes((width * depth * samples // 8 + 1) * height), 9)
    return b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def resized(data, at, form, *sizes):
    """The same file with other sizes written at a place of its header."""
    packed = struct.pack(form, *sizes)
    return data[:at] + packed + data[at + len(packed) :]


def jpeg_with(marker, body, times=1):
    """A JPEG with so many segments more, of at most 65,533 bytes each."""
    data = saved("JPEG")
    return data[:2] + (bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body) * times + data[2:]


def jpeg_of_scans(times, size):
    """A progressive JPEG whose last scan comes so many times more."""
    data = saved("JPEG", size, progressive=True, quality=30)
    return data[:-2] + data[data.rindex(b"\xff\xda") : -2] * times + b"\xff\xd9"


def huge_jpeg():
    data = saved("JPEG")
    return resized(data, data.index(b"\xff\xc0") + 5, ">HH", 65_000, 65_000)


def huge_webp():
    data = saved("WEBP", lossless=True)
    return resized(data, 21, "<I", 0x3FFF | 0x3FFF << 14)


def exif_of(tags):
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + b"".join(tags)


def box(name, body=b"", size=None):
    return struct.pack(">I4s", 8 + len(body) if size is None else size, name) + body


FTYP = box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2")
MOOV = box(b"moov", box(b"mvhd", bytes(100)) + box(b"trak", bytes(20)))
MP4 = FTYP + MOOV + box(b"mdat", bytes(500))


def nested(depth):
    inner = b""
    for _ in range(depth):
        inner = box(b"moov", inner)
    return inner


def bomb(size):
    return zlib.compress(bytes(size), 9)


HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
ZIP = b"PK\x03\x04\x14\0\0\0\0\0" + bytes(40)
PROGRAM = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(100)
# Nested directories that lead back to themselves.
LOOP = [struct.pack("<HHII", 0x8769, 4, 1, 8), struct.pack("<HHII", 0x8825, 4, 1, 8)] * 2000
MANY = {f"cut {kind} at {part} of 8": (kind, part) for kind in ("JPEG", "PNG", "WEBP") for part in (1, 4, 7)}


def _cut(kind, part):
    data = saved(kind, (200, 120))
    return data[: len(data) * part // 8]


UNKNOWN, HIDDEN, DAMAGED, COMPLEX = ("unknown",), ("hidden_file",), ("damaged",), ("too_complex",)
PIXELS, INCOMPLETE = ("too_many_pixels",), ("incomplete",)
FILES = {
    "nothing": (lambda: b"", ("empty",)),
    "one byte": (lambda: b"\xff", UNKNOWN),
    "only the head of a jpeg": (lambda: b"\xff\xd8\xff", DAMAGED),
    "only the head of a png": (lambda: png()[:16], DAMAGED),
    "gif and zip": (lambda: saved("GIF") + ZIP, UNKNOWN),
    "jpeg and zip": (lambda: saved("JPEG") + ZIP, HIDDEN),
    "png and html": (lambda: png() + HTML, HIDDEN),
    "html and png": (lambda: HTML + png(), UNKNOWN),
    "webp and program": (lambda: saved("WEBP") + PROGRAM, HIDDEN),
    "jpeg and pdf": (lambda: saved("JPEG") + bad_pdfs.GOOD, HIDDEN),
    "pdf and jpeg": (lambda: bad_pdfs.GOOD + saved("JPEG", (300, 300)), INCOMPLETE),
    "mp4 and html": (lambda: MP4 + HTML, DAMAGED),
    "png and many unfinished pages": (lambda: png() + (b"<!doctype" + b" " * 64) * 130_000, ()),
    "eps": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage", UNKNOWN),
    "eps in dos clothes": (lambda: b"\xc5\xd0\xd3\xc6" + bytes(60), UNKNOWN),
    "heic": (lambda: box(b"ftyp", b"heic\0\0\0\0mif1heic") + bytes(90), UNKNOWN),
    "avif": (lambda: box(b"ftyp", b"avif\0\0\0\0mif1avif") + bytes(90), UNKNOWN),
    "quicktime": (lambda: box(b"ftyp", b"qt  \0\0\2\0qt  ") + MOOV, UNKNOWN),
    "tiff": (lambda: saved("TIFF"), UNKNOWN),
    "bmp": (lambda: saved("BMP"), UNKNOWN),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", UNKNOWN),
    "elf": (lambda: b"\x7fELF\x02\x01\x01" + bytes(200), UNKNOWN),
    "windows program": (lambda: PROGRAM, UNKNOWN),
    "mach-o": (lambda: b"\xcf\xfa\xed\xfe" + bytes(200), UNKNOWN),
    "shell script": (lambda: b"#!/bin/sh\nrm -rf ~\n", UNKNOWN),
    "office document": (lambda: ZIP + b"word/document.xml", UNKNOWN),
    "png of 50,000 by 50,000": (lambda: png(50_000, 50_000, 1, pixels=bomb(9_000_000)), PIXELS),
    "png of no pixels": (lambda: png(0, 9, pixels=bomb(9)), DAMAGED),
    "png with far more pixels than it says": (lambda: png(pixels=bomb(120_000_000)), ()),
    "png as large as allowed": (lambda: png(10_000, 5_000, 8, 6), ()),
    "png with packed texts": (lambda: png(more=chunk(b"iTXt", b"k\0\1\0\0\0" + bomb(60_000_000)) * 5), DAMAGED),
    "png with many packed texts": (lambda: png(more=chunk(b"zTXt", b"k\0\0" + bomb(1_000_000)) * 99), DAMAGED),
    "png with a packed profile": (lambda: png(more=chunk(b"iCCP", b"k\0\0" + bomb(120_000_000))), DAMAGED),
    "png with endless chunks": (lambda: png(more=chunk(b"teXt", b"") * 20_000), COMPLEX),
    "png of 300 frames": (lambda: moving("PNG", 300), ("animated",)),
    "png that promises four billion frames": (
        lambda: png(more=chunk(b"acTL", struct.pack(">II", 2**32 - 1, 0))),
        ("too_many_pixels", "animated"),
    ),
    "png with a chunk longer than itself": (lambda: png()[:33] + struct.pack(">I", 2**31) + png()[37:], DAMAGED),
    "webp of a huge canvas": (huge_webp, PIXELS),
    "webp as large as allowed": (lambda: saved("WEBP", (5_000, 4_000), method=0), ()),
    "webp of 100 frames": (lambda: moving("WEBP", 100), ("animated",)),
    "webp longer than itself": (lambda: resized(saved("WEBP"), 4, "<I", 2**32 - 1), DAMAGED),
    "jpeg of 65,000 by 65,000": (huge_jpeg, PIXELS),
    "jpeg of many scans": (lambda: jpeg_of_scans(60, (60, 40)), COMPLEX),
    "large jpeg of rather many scans": (lambda: jpeg_of_scans(30, (6_000, 4_000)), COMPLEX),
    "jpeg as large as allowed": (lambda: saved("JPEG", (10_000, 5_000), progressive=True, subsampling=0), ()),
    "jpeg with looping directories": (lambda: jpeg_with(0xE1, exif_of(LOOP), 100), ()),
    "jpeg with a tag that promises gigabytes": (
        lambda: jpeg_with(0xE1, exif_of([struct.pack("<HHII", 0x9286, 7, 2**32 - 1, 8)])),
        (),
    ),
    "jpeg with a hundred profiles": (lambda: jpeg_with(0xE2, b"ICC_PROFILE\0\1\xff" + bytes(60_000), 140), ()),
    "jpeg that promises 4,000 pictures": (
        lambda: jpeg_with(0xE2, b"MPF\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0xB001, 4, 1, 4000) + bytes(4)),
        (),
    ),
    "mp4 of boxes without end": (lambda: FTYP + box(b"free") * 300_000, COMPLEX),
    "mp4 of many large indexes": (lambda: FTYP + box(b"moov", box(b"free") * 2_000) * 2_000, COMPLEX),
    "mp4 nested for ever": (lambda: FTYP + nested(20_000), INCOMPLETE),
    "mp4 with a box of one byte": (lambda: FTYP + MOOV + box(b"mdat", bytes(9), size=1), DAMAGED),
    "mp4 with a box larger than all": (lambda: FTYP + MOOV + struct.pack(">I4sQ", 1, b"mdat", 2**63), DAMAGED),
    "mp4 whose last box has no end": (lambda: FTYP + MOOV + box(b"mdat", bytes(90), size=0), ()),
    "mp4 whose index has no end": (lambda: FTYP + box(b"moov", box(b"mvhd") + box(b"trak"), size=0), ()),
    **{name: (lambda said=said: _cut(*said), DAMAGED) for name, said in MANY.items()},
    "cut mp4": (lambda: MP4[:-100], DAMAGED),
    "mp4 without its index": (lambda: FTYP + box(b"mdat", bytes(500)), INCOMPLETE),
    **bad_pdfs.FILES,
}

# What a file may be called by who means harm → what it is called here; the longest stands for any length.
NAMES = {
    "a\0.png": "a.png",
    "invoice\u202egnp.exe": "invoicegnp.exe",
    "a\r\nSet-Cookie: x=1.png": "aSet-Cookie x=1.png",
    "../../../etc/passwd.png": "passwd.png",
    "..\\..\\boot.png": "boot.png",
    "con.png": "_con.png",
    "LPT1": "_LPT1",
    "nul.tar.gz": "_nul.tar.gz",
    "证" * 5_000 + ".png": "证" * 96 + ".png",
    '"><script>.png': "script.png",
    " . . ": "evidence",
    "": "evidence",
}


def main():
    resource.setrlimit(resource.RLIMIT_AS, (4 * MEMORY_BYTES, 4 * MEMORY_BYTES))
    seconds, codes = {}, {}
    for line in sys.stdin:
        name, path = line.rstrip("\n").split("\t")
        with open(path, "rb") as file:
            start = time.process_time()
            _kind, found = checks.problems(file, limits=LIMITS)
            seconds[name] = time.process_time() - start
        codes[name] = [problem.code for problem in found]
    # Not what getrusage says: that begins with what the parent had when it made this process.
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024
    json.dump({"seconds": seconds, "codes": codes, "megabytes": peak}, sys.stdout)


if __name__ == "__main__":
    import django

    django.setup()
    main()
