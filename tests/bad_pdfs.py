"""PDFs that act, carry, hide or cost: written by hand, for no library writes them. `FILES` as in `bad_files`."""

import re
import struct
import zlib

PAGE = {
    1: b"<< /Type /Catalog /Pages 2 0 R >>",
    2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
}
SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def pdf(objects=(), *, trailer=b"", catalog=b"", page=b""):
    """A page, with more objects {number: bytes}, and more entries of trailer, catalog and page."""
    objects = {
        **PAGE,
        1: PAGE[1][:-2] + catalog + b" >>",
        3: PAGE[3][:-2] + page + b" >>",
        **dict(objects),
    }
    data, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table, size = len(data), max(places) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        data += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    return bytes(data) + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, table)


def changed(data, objects):
    """A later version of a PDF, appended to it."""
    places, start = {}, int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    for number, body in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(data)
    data += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % place for place in places.items())
    return data + b"trailer\n<< /Size 99 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (start, table)


def stream(entries, body, packed=True):
    body = zlib.compress(body, 9) if packed else body
    filtered = b"/Filter /FlateDecode" if packed else b""
    return b"<< %s %s /Length %d >>\nstream\n%s\nendstream" % (entries, filtered, len(body), body)


def packed(bodies, *, listed=None, filled=b"", objects=(), catalog=b""):
    """A PDF whose objects {number: bytes} lie packed in stream 20; of them the table lists `listed`, usually all."""
    heads, texts = [], b""
    for number, body in bodies.items():
        heads.append(b"%d %d" % (number, len(texts)))
        texts += body + b" "
    head = b" ".join(heads) + b" "
    whole = head + texts + filled
    container = stream(b"/Type /ObjStm /N %d /First %d" % (len(bodies), len(head)), whole)
    places, data = {}, bytearray(b"%PDF-1.7\n")
    plain = {**PAGE, 1: PAGE[1][:-2] + catalog + b" >>", **dict(objects), 20: container}
    for number, body in plain.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    inside = list(bodies) if listed is None else listed
    table, last = len(data), max([20, *bodies]) + 1
    places[last] = table
    rows = b"".join(
        struct.pack(">BIH", 2, 20, inside.index(n) & 0xFFFF) if n in inside
        else struct.pack(">BIH", 1, places[n], 0) if n in places
        else bytes(7)
        for n in range(last + 1)
    )  # fmt: skip
    entries = b"/Type /XRef /W [1 4 2] /Size %d /Root 1 0 R" % (last + 1)
    data += b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (last, stream(entries, rows), table)
    return bytes(data)


def deep(inner, depth=300):
    return b"[<< /Deep " * depth + inner + b" >>]" * depth


def annotation(body):
    return pdf(page=b"/Annots [<< /Type /Annot /Rect [0 0 1 1] %s >>]" % body)


def action(kind, more=b""):
    return annotation(b"/Subtype /Link /A << /S /%s %s >>" % (kind, more))


def many(count):
    return pdf({4 + n: b"<< /A %d >>" % n for n in range(count)})


GOOD = pdf()
ACTIVE, ATTACHMENTS, DAMAGED, COMPLEX, TAKEN = ("active",), ("attachments",), ("damaged",), ("too_complex",), ()
KINDS = (b"JavaScript", b"Launch", b"ImportData", b"SubmitForm", b"GoToE", b"GoToR", b"Rendition", b"Movie", b"Sound")
FILES = {
    "pdf of one page": (lambda: GOOD, TAKEN),
    "pdf with a link": (lambda: action(b"URI", b"/URI (http://a/JavaScript/Launch)"), TAKEN),
    "pdf that opens at a page": (lambda: pdf(catalog=b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"), TAKEN),
    "pdf with its objects packed": (lambda: packed({10: b"<< /A 1 >>"}), TAKEN),
    "pdf changed once": (lambda: changed(GOOD, {3: PAGE[3]}), TAKEN),
    **{f"pdf that does {kind.decode()}": (lambda kind=kind: action(kind), ACTIVE) for kind in KINDS},
    "pdf that calls home when opened": (
        lambda: pdf(catalog=b"/OpenAction << /S /GoTo /Next [<< /S /URI /URI (http://a) >>] >>"),
        ACTIVE,
    ),
    "pdf that calls home when looked at": (lambda: pdf(page=b"/AA << /O << /S /URI /URI (http://a) >> >>"), ACTIVE),
    "pdf with a script in its names": (
        lambda: pdf(catalog=b"/Names << /JavaScript << /Names [(a) 9 0 R] >> >>"),
        ACTIVE,
    ),
    "pdf with a script in its outlines": (
        lambda: pdf({9: SCRIPT}, catalog=b"/Outlines << /First << /Title (a) /A 9 0 R >> >>"),
        ACTIVE,
    ),
    "pdf with a script deep inside": (lambda: pdf(catalog=b"/X " + deep(SCRIPT, 60)), ACTIVE),
    "pdf with a script that nothing refers to": (lambda: pdf({9: SCRIPT}), ACTIVE),
    "pdf with a script in a packed object": (lambda: packed({10: SCRIPT}), ACTIVE),
    "pdf with a script packed twice": (lambda: packed({10: b"<< >>", 11: SCRIPT}, listed=[10]), ACTIVE),
    "pdf with a script in an older version": (lambda: changed(pdf({9: SCRIPT}), {9: b"<< /A 1 >>"}), ACTIVE),
    "pdf with a script in a later version": (lambda: changed(pdf({9: b"<< >>"}), {9: SCRIPT}), ACTIVE),
    "pdf with a script that its table leaves out": (
        lambda: changed(GOOD + b"9 0 obj\n%s\nendobj\n" % SCRIPT, PAGE),
        ACTIVE,
    ),
    "pdf with a hidden script, spelled": (
        lambda: changed(GOOD + b"9\0000\000obj\n<</S/J#61vaScr#69pt>>\nendobj\n", PAGE),
        ACTIVE,
    ),
    "pdf with a spelled script": (lambda: action(b"J#61va#53cript"), ACTIVE),
    "pdf with a spelled key": (lambda: annotation(b"/Subtype /Widget /A << /#4aS (x) >>"), ACTIVE),
    "pdf with a form that acts": (lambda: pdf(catalog=b"/AcroForm << /XFA [(a) 9 0 R] >>"), ACTIVE),
    "pdf with a stream from elsewhere": (lambda: pdf({9: stream(b"/F (http://a/b)", b"x")}), ACTIVE),
    "pdf with a file": (lambda: pdf({9: stream(b"/Type /EmbeddedFile", b"MZ")}), ATTACHMENTS),
    "pdf with a file by name": (lambda: pdf(catalog=b"/Names << /EmbeddedFiles << >> >>"), ATTACHMENTS),
    "pdf with a file in a note": (lambda: annotation(b"/Subtype /FileAttachment"), ATTACHMENTS),
    "pdf with a film": (lambda: annotation(b"/Subtype /RichMedia"), ATTACHMENTS),
    "encrypted pdf": (lambda: pdf(trailer=b"/Encrypt << /Filter /Odd /V 9 >>"), ("encrypted",)),
    "pdf without pages": (lambda: pdf({2: b"<< /Type /Pages /Kids [] /Count 0 >>"}), DAMAGED),
    "pdf whose pages are their own children": (lambda: pdf({2: b"<< /Type /Pages /Kids [2 0 R] /Count 9 >>"}), DAMAGED),
    "pdf that counts two billion pages": (
        lambda: pdf({2: b"<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>"}),
        TAKEN,
    ),
    "pdf of one page 60,000 times": (
        lambda: pdf({2: b"<< /Type /Pages /Kids [%s] /Count 60000 >>" % (b"3 0 R " * 60_000)}),
        DAMAGED,
    ),
    "pdf of 90,000 objects": (lambda: many(90_000), COMPLEX),
    "pdf of arrays without end": (lambda: pdf(catalog=b"/X " + b"[" * 500_000 + b"]" * 500_000), DAMAGED),
    "pdf of numbers without end": (
        lambda: pdf({9 + n: b"[%s]" % (b"1.5 " * 99_000) for n in range(20)}, catalog=b"/X 9 0 R"),
        COMPLEX,
    ),
    "pdf with one number of millions of digits": (lambda: pdf(catalog=b"/X " + b"1" * 15_000_000), DAMAGED),
    "pdf with one endless word": (lambda: pdf(catalog=b"/X <%s>" % (b"41" * 7_500_000)), COMPLEX),
    "pdf with a bomb among its objects": (lambda: packed({10: b"<< >>"}, filled=b" " * 60_000_000), DAMAGED),
    "pdf whose length is itself": (lambda: pdf({9: b"<< /Length 9 0 R >>\nstream\nabc\nendstream"}), DAMAGED),
    "pdf whose table points at itself": (lambda: pdf(trailer=b"/Prev 9"), TAKEN),
    "pdf that starts nowhere": (lambda: GOOD.rsplit(b"startxref", 1)[0] + b"startxref\n0\n%%EOF\n", TAKEN),
    **{
        f"pdf cut at {part} of 8": (lambda part=part: GOOD[: len(GOOD) * part // 8], ("incomplete",))
        for part in (1, 4, 7)
    },
}
