"""Pictures of receipts and talks, drawn for the demo: they look like what a merchant would upload."""

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, MARGIN = 480, 640, 36
INK, FAINT, ACCENT, PAPER = "#1f2937", "#9ca3af", "#1d3cd8", "#ffffff"
# Found by name where the system has one of them; without any, the texts are drawn in English.
CHINESE_FONTS = ("NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf", "wqy-zenhei.ttc", "PingFang.ttc", "msyh.ttc")
TITLES = {
    "退款凭证": "Refund receipt",
    "沟通记录": "Talk with the consumer",
    "物流凭证": "Courier's receipt",
    "质检报告": "Inspection report",
    "商品照片": "Photo of the product",
    "气象预警": "Weather warning",
    "停运通知": "Courier's notice",
}
LABELS = {"订单号": "Order", "金额": "Amount", "时间": "Time", "状态": "Status"}
PAPER_LABELS = {"涉及": "About", "日期": "Date"}
DONE = ("已完成", "Done")


def proof(title, *, order_no, amount_fen, at):
    """A PNG, as bytes, titled with one of `TITLES`; `at` is a local moment, the amount whole fen."""
    done = DONE[0] if _chinese() else DONE[1]
    return _drawn(title, LABELS, (order_no, f"¥{amount_fen / 100:,.2f}", f"{at:%Y-%m-%d %H:%M:%S}", done))


def paper(title, *, of, at):
    """A PNG, as bytes, of a paper about an order's number or a shop's name; `at` is a local moment."""
    return _drawn(title, PAPER_LABELS, (of if _chinese() or of.isascii() else "—", f"{at:%Y-%m-%d %H:%M}"))


def _drawn(title, labels, values):
    chinese = _chinese() is not None
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, WIDTH, 96), fill=ACCENT)
    pen.text((MARGIN, 28), title if chinese else TITLES[title], font=_font(34), fill=PAPER)
    for row, (label, value) in enumerate(zip(labels, values, strict=True)):
        top = 140 + row * 96
        pen.text((MARGIN, top), label if chinese else labels[label], font=_font(20), fill=FAINT)
        pen.text((MARGIN, top + 30), value, font=_font(26), fill=INK)
        pen.line((MARGIN, top + 80, WIDTH - MARGIN, top + 80), fill="#e5e7eb")
    pen.text((MARGIN, HEIGHT - 60), "DEMO", font=_font(20), fill=FAINT)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@cache
def _chinese():
    for name in CHINESE_FONTS:
        try:
            ImageFont.truetype(name, 20)
        except OSError:
            continue
        return name
    return None


@cache
def _font(size):
    name = _chinese()
    return ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
