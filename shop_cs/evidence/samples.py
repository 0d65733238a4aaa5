"""A good and a bad example of each piece of the catalogue, drawn. In the language that is active. Pure.

`sample(item, is_good=…)` is SVG text. A scene draws what the piece looks like; told a flaw, it leaves out or
spoils what is wrong and marks the place in red.
"""

from functools import partial

from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from .drawing import BLUE, BOX, FAINT, GREEN, INK, LINE, PAPER, RED, SOFT, WIDTH, Pen

# What is wrong, in so few words that they are read on a small picture.
FLAWS = {
    "one_sided": gettext_lazy("Only your side"),
    "pending": gettext_lazy("Not finished yet"),
    "no_time": gettext_lazy("No day, no time"),
    "cropped": gettext_lazy("Cut out of the middle"),
    "unreadable": gettext_lazy("Number not readable"),
    "other_parcel": gettext_lazy("Another parcel"),
    "no_signer": gettext_lazy("Nobody has signed"),
    "no_stamp": gettext_lazy("No stamp"),
    "no_label": gettext_lazy("No label"),
    "too_close": gettext_lazy("Too close"),
    "cut": gettext_lazy("Cut"),
    "other_order": gettext_lazy("Another order"),
    "no_number": gettext_lazy("No order number"),
    "no_model": gettext_lazy("No model"),
    "expired": gettext_lazy("Run out"),
    "no_account": gettext_lazy("No account name"),
    "unsigned": gettext_lazy("Not signed"),
    "no_source": gettext_lazy("No sender"),
    "single": gettext_lazy("One order only"),
    "no_name": gettext_lazy("No name"),
}
NAME, PHONE, PLACE = "王**", "138****8000", "西湖区 ****"
ORDER, OTHER_ORDER = "6021…8866", "6021…1307"
PARCEL, OTHER_PARCEL = "SF 1024 8866", "SF 7731 0052"
DAY, DAY_AND_TIME = "2026-03-03", "03-03 14:05"
AMOUNT = "¥199.00"


def sample(item, *, is_good):
    """The drawn example of an item, good or bad, as SVG."""
    scene, flaw = item.sample
    pen = Pen()
    SCENES[scene](pen, None if is_good else flaw)
    words = item.good if is_good else item.bad
    pen.strip(_("Complete") if is_good else FLAWS[flaw], is_good=is_good)
    return pen.svg(title=f"{item.title}: {words}", language=get_language() or "en")


def _screen(pen, title, *, side=26):
    """A telephone's screen with its title; what is on it lies between x = side + 14 and WIDTH - side - 14."""
    pen.box(side, 8, WIDTH - 2 * side, 188, PAPER, round_=12)
    pen.box(side, 8, WIDTH - 2 * side, 34, SOFT, round_=12)
    pen.text(WIDTH / 2, 32, title, 19, room=WIDTH - 2 * side - 60, anchor="middle", bold=True)


def _bubble(pen, y, words, *, is_mine):
    """A line of a chat; words or, where they do not matter, bars."""
    x, fill = (122, "#dbeafe") if is_mine else (40, SOFT)
    pen.box(x, y, 158, 38, fill, round_=10)
    if words:
        pen.text(x + 12, y + 26, words, 20, room=136)
    else:
        pen.lines(x + 12, y + 9, 120, 90, fill="#9ca3af")


def _agreement(pen, flaw):
    if flaw:
        _screen(pen, "…")
        _bubble(pen, 52, _("Refund ¥199?"), is_mine=True)
        _bubble(pen, 100, "", is_mine=True)
        pen.flag(36, 148, 166, 42)
        return
    _screen(pen, f"{NAME}  {DAY_AND_TIME}")
    _bubble(pen, 52, "", is_mine=False)
    _bubble(pen, 100, _("Refund ¥199?"), is_mine=True)
    _bubble(pen, 148, _("Yes, agreed"), is_mine=False)


def _chat(pen, flaw):
    if flaw:
        pen.box(26, 40, WIDTH - 52, 112, PAPER)
        _bubble(pen, 48, "", is_mine=False)
        _bubble(pen, 100, _("That is all"), is_mine=True)
        pen.flag(20, 8, WIDTH - 40, 34)
        pen.flag(20, 148, WIDTH - 40, 48)
        return
    _screen(pen, f"{NAME}  {DAY_AND_TIME}")
    for row, is_mine in enumerate((False, True, False)):
        _bubble(pen, 52 + row * 48, "" if row else _("It leaks"), is_mine=is_mine)


def _calls(pen, flaw):
    _screen(pen, _("Calls"))
    for row, time in enumerate(("10:02", "14:35", "19:10")):
        top = 60 + row * 44
        pen.disc(50, top + 12, 10, RED if row < 2 else GREEN)
        pen.text(68, top + 10, PHONE, 18, bold=True)
        pen.text(68, top + 29, _("No answer") if row < 2 else _("3 min"), 16, FAINT, room=120)
        if not flaw:
            pen.text(280, top + 18, time, 18, anchor="end")
            pen.text(280, top, "03-03", 14, FAINT, anchor="end")
    if flaw:
        pen.flag(200, 50, 88, 138)


def _rows(pen, rows, *, top=100, step=34):
    """(label, value) lines of a screen; a value may be (text, colour)."""
    for place, (label, value) in enumerate(rows):
        words, colour = value if isinstance(value, tuple) else (value, INK)
        y = top + place * step
        pen.text(40, y, label, 18, FAINT, room=96)
        pen.text(280, y, words, 19, colour, room=132, anchor="end", bold=colour != INK)


def _receipt(pen, flaw):
    _screen(pen, _("Refund"))
    pen.text(WIDTH / 2, 76, AMOUNT, 30, anchor="middle", bold=True)
    state = (_("Asked for"), RED) if flaw else (pgettext("of a refund", "Paid out"), GREEN)
    _rows(pen, [(_("Order"), ORDER), (_("Time"), "—" if flaw else DAY_AND_TIME), (_("Status"), state)], top=112)
    if flaw:
        pen.flag(150, 124, 140, 68)


def _price(pen, flaw):
    _screen(pen, _("Price"))
    pen.text(WIDTH / 2, 76, AMOUNT, 30, anchor="middle", bold=True)
    number = (OTHER_ORDER, RED) if flaw else ORDER
    _rows(pen, [(_("Order"), number), (_("Coupon"), "-¥20.00"), (_("Paid"), AMOUNT)], top=112)
    if flaw:
        pen.flag(140, 90, 150, 32)


def _order(pen, flaw):
    _screen(pen, _("Order"))
    if not flaw:
        pen.text(WIDTH / 2, 70, ORDER, 22, anchor="middle", bold=True)
    else:
        pen.flag(80, 46, 160, 34)
    steps = [(_("Ordered"), DAY_AND_TIME), (_("Cancelled"), "03-03 14:15"), (_("Sent"), "03-04 09:20")]
    _rows(pen, steps, top=106)


def _waybill(pen, flaw):
    pen.box(34, 10, WIDTH - 68, 184, PAPER, round_=4)
    pen.barcode(50, 20, 220, 40)
    if flaw:
        pen.box(84, 66, 150, 22, "#9ca3af", round_=11)
        pen.box(108, 62, 90, 26, "#d1d5db", round_=13)
        pen.flag(44, 62, 232, 34)
    else:
        pen.text(WIDTH / 2, 86, PARCEL, 24, anchor="middle", bold=True)
    pen.path([(34, 102), (WIDTH - 34, 102)], line=LINE)
    pen.text(50, 130, NAME, 20, bold=True)
    pen.text(110, 130, PHONE, 18)
    pen.text(50, 156, PLACE, 18, room=220)
    pen.lines(50, 170, 190)


def _tracking(pen, flaw):
    _screen(pen, _("Tracking"))
    pen.text(WIDTH / 2, 68, OTHER_PARCEL if flaw else PARCEL, 21, RED if flaw else INK, anchor="middle", bold=True)
    if flaw:
        pen.flag(72, 46, 176, 32)
    pen.path([(52, 96), (52, 172)], line=LINE)
    for row, (time, width) in enumerate((("03-05", 110), ("03-04", 140), ("03-03", 90))):
        y = 96 + row * 38
        pen.disc(52, y, 8, FAINT if row else GREEN)
        pen.text(72, y + 6, time, 18)
        pen.lines(140, y - 4, width)


def _delivery(pen, flaw):
    _screen(pen, _("Delivered"))
    pen.text(40, 72, PARCEL, 20, bold=True)
    pen.text(40, 98, f"{DAY_AND_TIME}  {PLACE}", 18, room=240)
    pen.box(40, 112, 240, 72, "#f8fafc", line=LINE)
    pen.text(48, 130, _("Signed"), 15, FAINT, room=100)
    if flaw:
        pen.flag(36, 108, 248, 80)
    else:
        pen.path([(90, 170), (112, 138), (118, 172), (140, 146), (156, 168), (190, 140), (206, 164)], line=BLUE)


def _paper(pen, flaw, *, title, number, missing, stamp=True):
    """A paper with its title, number, day and stamp; `missing` is what the bad one lacks: a place below."""
    pen.box(46, 8, WIDTH - 92, 190, PAPER)
    pen.text(WIDTH / 2, 36, title(), 21, room=200, anchor="middle", bold=True)
    pen.lines(62, 88, 196, 186, 196, 120)
    gone = missing if flaw else ""
    if gone != "number":
        pen.text(62, 68, number(), 18, room=196)
    if gone != "day":
        pen.text(62, 176, DAY, 19, room=110)
    if stamp and gone != "stamp":
        pen.disc(228, 160, 27, "none", line=RED)
        pen.path([(228, 146), (232, 157), (244, 157), (235, 164), (238, 175), (228, 168)], line=RED, width=2)
        pen.path([(228, 146), (224, 157), (212, 157), (221, 164), (218, 175), (228, 168)], line=RED, width=2)
    if gone:
        pen.flag(*{"number": (56, 46, 208, 32), "day": (54, 154, 130, 34), "stamp": (192, 126, 74, 68)}[gone])


def _licence(pen, flaw):
    _paper(pen, None, title=lambda: _("Certificate"), number=lambda: "CN-2024-0731", missing="")
    pen.box(56, 154, 130, 34)
    pen.text(62, 172, _("Valid until"), 14, FAINT, room=120)
    pen.text(62, 190, "2025-12-31" if flaw else "2028-12-31", 19, RED if flaw else INK, bold=bool(flaw))
    if flaw:
        pen.flag(54, 156, 134, 40)


def _contract(pen, flaw):
    _paper(pen, None, title=lambda: _("Agreement"), number=lambda: f"{DAY}  1/1", missing="", stamp=False)
    pen.box(56, 142, 208, 50)
    for x in (62, 172):
        pen.path([(x, 184), (x + 86, 184)], line=FAINT, width=2)
        if not flaw:
            pen.path([(x + 8, 176), (x + 24, 150), (x + 34, 178), (x + 54, 158), (x + 74, 174)], line=BLUE)
    if flaw:
        pen.flag(54, 146, 212, 48)


def _label(pen, x, y):
    """A courier's label as it is seen on a parcel."""
    pen.box(x, y, 112, 62, PAPER)
    pen.barcode(x + 8, y + 6, 96, 18)
    pen.text(x + 8, y + 42, PARCEL, 15, room=96, bold=True)
    pen.text(x + 8, y + 57, NAME, 13)


def _parcel(pen, flaw):
    pen.box(20, 8, WIDTH - 40, 190, "#f1f5f9")
    pen.box(60, 36, 200, 146, BOX, line="#92703f")
    pen.box(148, 36, 24, 146, "#dfc296")
    if flaw:
        pen.flag(104, 76, 114, 64)
    else:
        _label(pen, 104, 76)


def _mug(pen, x, y, size, *, with_crack=True, line=INK):
    """A product with its fault."""
    pen.disc(x + size * 1.04, y + size * 0.52, size * 0.26, "none", line=line)
    pen.box(x, y, size, size * 1.1, "#e0f2fe", round_=size / 8, line=line)
    if with_crack:
        crack = [(0.5, 0.05), (0.38, 0.3), (0.58, 0.45), (0.42, 0.75)]
        pen.path([(x + size * across, y + size * down) for across, down in crack], line=INK)


def _product(pen, flaw):
    if flaw:
        pen.box(20, 8, WIDTH - 40, 190, "#e0f2fe")
        pen.path([(190, 20), (130, 76), (196, 110), (140, 186)], width=8)
        pen.flag(34, 18, WIDTH - 68, 170)
        return
    pen.box(14, 8, 142, 190, "#f1f5f9")
    pen.box(164, 8, 142, 190, "#e0f2fe")
    _mug(pen, 38, 58, 70)
    pen.path([(244, 28), (214, 84), (252, 116), (222, 180)], width=6)
    pen.disc(234, 102, 50, "none", line=BLUE)


def _returned(pen, flaw):
    pen.box(14, 8, WIDTH - 28, 190, "#f1f5f9")
    _mug(pen, 196 if not flaw else 116, 76, 74)
    if flaw:
        pen.flag(28, 20, 78, 160)
        return
    pen.box(34, 70, 140, 112, BOX, line="#92703f")
    pen.path([(34, 70), (14, 40)], line="#92703f", width=5)
    pen.path([(174, 70), (192, 40)], line="#92703f", width=5)
    _label(pen, 48, 100)


def _film(pen, *, clock):
    """The frame of a video with its clock."""
    pen.box(14, 8, WIDTH - 28, 190, "#0f172a", round_=8)
    pen.box(28, 174, 150, 8, "#475569", round_=4)
    pen.box(28, 174, 64, 8, PAPER, round_=4)
    pen.text(296, 183, clock, 17, PAPER, anchor="end")


def _packing(pen, flaw):
    _film(pen, clock="00:01+…" if flaw else "01:24")
    if flaw:
        pen.box(34, 40, 100, 90, BOX)
        _mug(pen, 206, 60, 56, with_crack=False, line=PAPER)
        pen.path([(162, 22), (152, 60), (168, 90), (154, 156)], line=RED, width=4)
        pen.flag(140, 16, 46, 148)
        return
    pen.box(44, 52, 150, 108, BOX)
    _label(pen, 62, 74)
    _mug(pen, 214, 80, 50, with_crack=False, line=PAPER)


def _stream(pen, flaw):
    _film(pen, clock=DAY_AND_TIME)
    pen.disc(70, 104, 22, "#cbd5e1")
    pen.box(42, 128, 56, 34, "#cbd5e1", round_=14)
    if flaw:
        pen.flag(24, 16, 176, 32)
    else:
        pen.text(30, 38, "@达人_8866", 19, PAPER, bold=True)
    pen.box(116, 72, 176, 42, PAPER, round_=10)
    pen.text(128, 100, _("Never leaks!"), 21, room=152, bold=True)
    _mug(pen, 180, 122, 34, with_crack=False, line=PAPER)


def _page(pen, flaw, *, words):
    """A shop's page in a browser, with what stands there and the day of it."""
    pen.box(14, 8, WIDTH - 28, 190, PAPER, round_=6)
    pen.box(14, 8, WIDTH - 28, 30, SOFT, round_=6)
    if flaw:
        pen.flag(150, 10, 150, 28)
    else:
        pen.text(296, 29, DAY_AND_TIME, 18, anchor="end", bold=True)
    pen.box(28, 50, 104, 130, "#f1f5f9")
    _mug(pen, 42, 80, 60, with_crack=False)
    title, colour = words()
    pen.text(146, 76, title, 20, colour, room=150, bold=True)
    pen.lines(146, 92, 146, 130, 140, 90)
    pen.text(146, 174, AMOUNT, 24, room=150, bold=True)


def _notice(pen, flaw):
    if flaw:
        _screen(pen, "…")
        _bubble(pen, 56, _("Roads are shut"), is_mine=False)
        _bubble(pen, 108, "", is_mine=False)
        pen.flag(30, 10, 260, 32)
        return
    _paper(pen, None, title=lambda: _("Snow warning"), number=lambda: _("Weather office"), missing="")


def _history(pen, flaw):
    _screen(pen, _("Orders"))
    for row, (number, day) in enumerate((("…8866", "03-03"), ("…7214", "02-18"), ("…6630", "01-25"))):
        if flaw and row:
            break
        y = 74 + row * 42
        pen.text(40, y, number, 20, bold=True)
        pen.text(124, y, day, 18)
        pen.text(280, y, _("Refunded"), 18, RED, room=92, anchor="end")
        pen.path([(40, y + 14), (280, y + 14)], line=LINE, width=2)
    if flaw:
        pen.flag(36, 96, 248, 92)


def _named(number, **of):
    """A paper whose title and second line are said in the reader's language."""
    return partial(_paper, number=number, **of)


SCENES = {
    "agreement": _agreement,
    "chat": _chat,
    "calls": _calls,
    "receipt": _receipt,
    "price": _price,
    "order": _order,
    "waybill": _waybill,
    "tracking": _tracking,
    "delivery": _delivery,
    "statement": _named(lambda: PARCEL, title=lambda: _("Statement"), missing="stamp"),
    "parcel": _parcel,
    "product": _product,
    "returned": _returned,
    "packing": _packing,
    "page": partial(_page, words=lambda: (_("Cup, 500 ml"), INK)),
    "inspection": _named(lambda: _("Model KX-500"), title=lambda: _("Inspection"), missing="number"),
    "licence": _licence,
    "stream": _stream,
    "contract": _contract,
    "notice": _notice,
    "history": _history,
    "medical": _named(lambda: f"{NAME}  {AMOUNT}", title=lambda: _("Hospital"), missing="number"),
    "corrected": partial(_page, words=lambda: (_("Off the shelf"), GREEN)),
}
