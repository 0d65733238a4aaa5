"""The vault: a file is checked, hashed, kept once, and belongs to its order from then on. [4] §四"""

import hashlib
import os
import uuid

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ..actors import Role
from ..models import Evidence, acting, evidence_path
from ..moves import Refusal, Refused
from . import checks

CHUNK_BYTES = 1024 * 1024
# What shows a merchant the others' pieces of his order: functions () → a condition on Evidence; apps add theirs.
SHOWN_WHERE = []
TOO_LARGE = "too_big"


def limits_of(rules):
    """What one file may hold, by a version of the rulebook; sizes in bytes."""
    return checks.Limits(
        picture_bytes=rules.picture_bytes,
        pdf_bytes=rules.pdf_bytes,
        video_bytes=rules.video_bytes,
    )


def shown_to_merchant(pieces):
    """Of a queryset of evidence what its merchant may see: his own, and of the others' what was shown to him.

    What the platform has put in for a request that waits for the opening does not exist yet for him. [2] §一.1
    """
    shown = Q(side=Evidence.Side.MERCHANT)
    for condition in SHOWN_WHERE:
        shown |= condition()
    return pieces.filter(shown)


def store(*, order, file, name, side, by, now, rules):
    """Takes a file into the order's vault. The same bytes of the same side are the piece that is there already.

    `file` is binary and seekable, `side` an `Evidence.Side`. Raises `Refused`: what the checks find (400), too
    large (413), an order of another shop (404); then nothing is kept. [4] §四: a paper is asked for once.
    """
    if by.role == Role.MERCHANT and by.shop_id != order.shop_id:
        raise Refused(Refusal("stranger", _("There is no such order in your shop."), 404))
    name = checks.clean_name(name)
    kind, found = checks.problems(file, limits=limits_of(rules))
    if found:
        raise Refused(_refusal(name, found))
    sha256, size = _measured(file)
    if there := _there(order, sha256, side):
        return there
    _keep(file, evidence_path(sha256))
    try:
        with transaction.atomic(), acting(by, move="upload", rulebook=rules.name, at=now):
            return Evidence.everything.create(
                shop_id=order.shop_id,
                order=order,
                side=side,
                sha256=sha256,
                kind=kind,
                size=size,
                name=name,
                uploaded_by_id=by.user_id,
                uploaded_at=now,
            )
    except IntegrityError:
        # Somebody was quicker with the same bytes; any other fault of the row shows itself here.
        return Evidence.everything.get(order=order, sha256=sha256, side=side)


def _there(order, sha256, side):
    return Evidence.everything.filter(order=order, sha256=sha256, side=side).first()


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


def _keep(file, path):
    """Writes the bytes to the private storage unless they are there; a broken write leaves nothing at `path`."""
    storage = storages["evidence"]
    if storage.exists(path):
        return
    # Wrapped, so that the storage copies: an upload's temporary file is still the caller's.
    copied = File(file, name=path)
    try:
        target = storage.path(path)
    except NotImplementedError:
        # Object storage shows an object only when all of it has arrived.
        storage.save(path, copied)
        return
    part = f"{path}.{uuid.uuid4().hex}.part"
    try:
        storage.save(part, copied)
        with storage.open(part) as written:
            os.fsync(written.fileno())
        os.replace(storage.path(part), target)
    except BaseException:
        storage.delete(part)
        raise
