"""The vault: a file is checked, hashed, kept once, and belongs to its order from then on. [4] §四"""

import hashlib
import logging

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Q, Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from ..actors import Role
from ..models import Evidence, Shop, acting, evidence_path
from ..moves import Refusal, Refused
from . import checks, keeping
from .names import clean_name

log = logging.getLogger(__name__)
CHUNK_BYTES = 1024 * 1024
# Of one side, of one order. Assumed.
PIECES_MAX = 200
# What shows a merchant the others' pieces of his order: functions () → a condition on Evidence; apps add theirs.
SHOWN_WHERE = []
TOO_LARGE = "too_big"


def limits_of(rules, side=Evidence.Side.MERCHANT):
    """What one file may hold, by a version of the rulebook, and what that side may bring in all; sizes in bytes."""
    return checks.Limits(
        picture_bytes=rules.picture_bytes,
        pdf_bytes=rules.pdf_bytes,
        video_bytes=rules.video_bytes,
        shop_bytes=settings.EVIDENCE_QUOTA_BYTES if side == Evidence.Side.MERCHANT else None,
        order_pieces=PIECES_MAX,
    )


def shown_to_merchant(pieces):
    """Of a queryset of evidence what its merchant may see: his own, and of the others' what was shown to him.

    What the platform has put in for a request that waits for the opening does not exist yet for him. [2] §一.1
    """
    shown = Q(side=Evidence.Side.MERCHANT)
    for condition in SHOWN_WHERE:
        shown |= condition()
    return pieces.filter(shown)


def store(*, file, name, side, by, now, rules, order=None, shop=None):
    """Takes a file into the order's vault, or into the vault of the `shop` itself, for what concerns no single order.

    The same bytes of the same side are the piece that is there already. `file` is binary and seekable, `side` an
    `Evidence.Side`. Raises `Refused`: what the checks find (400), too large or over the shop's quota (413), too many
    for the order (409), an order of another shop (404), a storage that is away (503) or full (507); then no piece is
    made. [4] §四: a paper is asked for once.
    """
    home = {"order": order, "shop_id": order.shop_id} if order else {"order": None, "shop_id": shop.pk}
    if by.role == Role.MERCHANT and by.shop_id != home["shop_id"]:
        raise Refused(Refusal("stranger", _("There is no such order in your shop."), 404))
    name = clean_name(name)
    kind, found = checks.problems(file, limits=limits_of(rules))
    if found:
        raise Refused(_refusal(name, found))
    sha256, size = _measured(file)
    if there := _there(home, sha256, side):
        return there
    _make_sure_of_room(home, side, size)
    try:
        keeping.put(file, evidence_path(sha256))
        with keeping.alone_with(sha256), acting(by, move="upload", rulebook=rules.name, at=now):
            # Two at once must not share the room that is left for one.
            Shop.objects.select_for_update(no_key=True).get(pk=home["shop_id"])
            if there := _there(home, sha256, side):
                return there
            _make_sure_of_room(home, side, size)
            if not keeping.is_there(evidence_path(sha256)):
                # Collected, as nobody's, a moment before this.
                keeping.put(file, evidence_path(sha256))
            return Evidence.everything.create(
                **home,
                side=side,
                sha256=sha256,
                kind=kind,
                size=size,
                name=name,
                uploaded_by_id=by.user_id,
                uploaded_at=now,
            )
    except keeping.StorageAwayError as error:
        log.exception("evidence: the storage did not take %s", sha256)
        raise Refused(_away(name, is_full=isinstance(error, keeping.StorageFullError))) from error
    except IntegrityError:
        # Somebody was quicker with the same bytes; any other fault of the row shows itself here.
        return Evidence.everything.get(**home, sha256=sha256, side=side)


def _make_sure_of_room(home, side, size):
    """Raises `Refused` where the order has its most pieces of a side (409), or the shop its most bytes (413).

    Only what the merchant brings takes of his shop's room: nobody else can fill it.
    """
    if home["order"] and Evidence.everything.filter(order=home["order"], side=side).count() >= PIECES_MAX:
        text = _("This order has %(n)s files already, and more cannot be kept for it. Attach one that is there.")
        raise Refused(Refusal("too_many_pieces", text % {"n": PIECES_MAX}, 409))
    if side != Evidence.Side.MERCHANT:
        return
    mine = Evidence.everything.filter(shop=home["shop_id"], side=side)
    used, most = mine.aggregate(used=Sum("size"))["used"] or 0, settings.EVIDENCE_QUOTA_BYTES
    if used + size > most:
        text = _("Your shop's evidence takes %(used)s of %(most)s; there is no room for %(size)s more.")
        told = {"used": filesizeformat(used), "most": filesizeformat(most), "size": filesizeformat(size)}
        raise Refused(Refusal("quota", text % told, 413))


def _away(name, *, is_full):
    if is_full:
        text = _(
            "“%(name)s” could not be kept: there is no room left here. Nothing of it was saved; tell the platform."
        )
        return Refusal("storage_full", text % {"name": name}, 507)
    text = _("“%(name)s” could not be kept: the storage does not answer. Nothing of it was saved; try again soon.")
    return Refusal("storage_away", text % {"name": name}, 503)


def _there(home, sha256, side):
    return Evidence.everything.filter(**home, sha256=sha256, side=side).first()


def _refusal(name, found):
    text = _("“%(name)s”: %(problems)s") % {"name": name, "problems": " ".join(problem.text for problem in found)}
    too_large = any(problem.code == TOO_LARGE for problem in found)
    return Refusal("evidence", text, 413 if too_large else 400)


def _measured(file):
    """SHA-256 and size in bytes, a chunk at a time; leaves the file at 0."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    return digest.hexdigest(), size
