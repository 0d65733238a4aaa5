"""Previews: what is shown of a picture. Drawn anew from its pixels alone, so nothing else of the file travels along."""

import io
import logging
import warnings

from PIL import Image, ImageOps

from ..models import evidence_path
from . import keeping
from .checks import DECODERS, Kind

log = logging.getLogger(__name__)
MEDIA_TYPE = "image/webp"
# Longest sides in pixels: to look at, and for lists.
LARGE, SMALL = 1600, 320
QUALITY, EFFORT = 80, 2
PAPER = "white"


class NoPreviewError(Exception):
    """This picture cannot be shown."""


def preview_path(sha256, side):
    """Where the preview of a picture lies in the private storage; `side` is its longest side in pixels."""
    return f"previews/{sha256[:2]}/{sha256}.{side}.webp"


def preview(piece, side):
    """A picture's preview as WebP bytes, made on the first look and kept.

    Raises NoPreviewError, FileNotFoundError for a picture whose bytes are gone, StorageAwayError.
    """
    path = preview_path(piece.sha256, side)
    try:
        with keeping.opened(path) as kept:
            return kept.read()
    except FileNotFoundError:
        pass
    with keeping.opened(evidence_path(piece.sha256)) as original:
        drawn = draw(original.read(), Kind(piece.kind), side)
    try:
        keeping.put(io.BytesIO(drawn), path)
    except keeping.StorageAwayError:
        # It can be shown all the same, and made again.
        log.warning("evidence: the preview %s could not be kept", path, exc_info=True)
    return drawn


def draw(data, kind, side):
    """A picture's bytes → WebP bytes, upright, at most `side` pixels long, on white. Raises NoPreviewError."""
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=[DECODERS[kind]]) as picture:
            warnings.simplefilter("ignore")
            # A JPEG is decoded at a fraction of its size where that is enough.
            picture.draft(None, (side, side))
            orientation = picture.getexif().get(0x0112, 1)
            picture.load()
            small = _flat(_reduced(picture, side))
    # The decoders promise no closed set of errors.
    except Exception as error:
        raise NoPreviewError from error
    exif = Image.Exif()
    exif[0x0112] = orientation if orientation in range(1, 9) else 1
    small.info = {"exif": exif.tobytes()}
    upright = ImageOps.exif_transpose(small)
    bare = Image.frombytes("RGB", upright.size, upright.tobytes())
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=QUALITY, method=EFFORT)
    return out.getvalue()


def _reduced(picture, side):
    if picture.mode.startswith(("I", "F")):
        # Sixteen bits a pixel: the upper eight are what can be shown.
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    elif picture.mode in {"1", "P", "PA", "LA", "RGBA"}:
        # These are copied to be mixed: of a huge one so many pixels as are enough, not all.
        picture.thumbnail((side * 4, side * 4), Image.Resampling.NEAREST)
        picture = picture.convert("RGBA")
    picture.thumbnail((side, side), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return picture


def _flat(picture):
    """In plain colours, on paper where it is transparent: else black letters would vanish on a dark page."""
    if picture.mode in {"RGBA", "LA", "RGBa", "La"} or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, PAPER)
        return Image.alpha_composite(paper, picture).convert("RGB")
    return picture.convert("RGB")
