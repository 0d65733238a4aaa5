"""What stories about the pages of cases share: addresses, what is typed, a picture."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

SAID = {"text": "商品出库完好", "expect": "collecting:1"}
OFFER = {"offer-remedy": "amount", "offer-amount": "50.00", "offer-text": "退一半", "offer-expect": "collecting:1"}
PAID = {"pay-note": "支付宝转账 2026030399", "pay-expect": "paying:1"}


def url(case, part=""):
    return f"/s/S001/cases/{case.no}/{part}"


def text_of(answer):
    return answer.content.decode().replace("&#x27;", "'")


def picture(name="proof.png", colour="red"):
    data = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue())
