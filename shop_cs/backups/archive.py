"""The archive of a backup: a tar of the database, the evidence and, at its end, a manifest that vouches for all."""

import hashlib
import hmac
import io
import json
import re
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.crypto import salted_hmac

from .engines import DUMPS, BackupError

CHUNK_BYTES = 1024 * 1024
MANIFEST, MAC = "manifest.json", "manifest.mac"
# A manifest has a line for each piece of evidence; nobody has this many.
MOST_MANIFEST_BYTES = 1024**3
PIECE = re.compile(r"evidence/([0-9a-f]{64})")
KEYS = ("SECRET_KEY", "CONSUMER_KEY", "TRAIL_KEY")
BROKEN = (tarfile.TarError, EOFError, zlib.error, OSError, ValueError)


def piece_name(sha256):
    return f"evidence/{sha256}"


def fingerprints():
    """Of each key so much that one sees whether it is the same, and nothing to make it from."""
    return {name: salted_hmac("shop_cs.backups", name, secret=getattr(settings, name)).hexdigest() for name in KEYS}


def mac_of(manifest):
    return hmac.new(f"backup:{settings.TRAIL_KEY}".encode(), manifest, "sha256").hexdigest()


class Writer:
    """Adds files to a tar, and what it has seen of each (SHA-256, size) to the manifest, which `finish` writes."""

    def __init__(self, file, *, packed):
        self._tar = tarfile.open(fileobj=file, mode="w:gz" if packed else "w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.files = {}

    def add(self, name, file, size):
        seen = _Seen(file)
        self._tar.addfile(_member(name, size), seen)
        self.files[name] = {"sha256": seen.digest.hexdigest(), "size": size}

    def finish(self, manifest):
        text = json.dumps({**manifest, "files": self.files}, ensure_ascii=False, indent=1, sort_keys=True).encode()
        for name, data in ((MANIFEST, text), (MAC, mac_of(text).encode())):
            self._tar.addfile(_member(name, len(data)), io.BytesIO(data))
        self._tar.close()


def _member(name, size):
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


class _Seen:
    """A file whose bytes are hashed while they are read."""

    def __init__(self, file):
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size=-1):
        data = self._file.read(size)
        self.digest.update(data)
        return data


@dataclass(frozen=True, slots=True)
class Checked:
    """An archive that is what its manifest says: the manifest, and where its database was put."""

    path: Path
    manifest: dict
    dump: Path


def checked(path, folder, *, vouched, progress):
    """Reads the whole archive, puts its database into `folder` and nothing else anywhere. Raises BackupError.

    With `vouched` the manifest must be made with this installation's TRAIL_KEY.
    """
    found, small, dump = {}, {}, None
    try:
        with tarfile.open(path, "r:*") as tar:
            for member in tar:
                _refuse_strange(member, found)
                if member.name in (MANIFEST, MAC):
                    small[member.name] = _small(tar, member)
                    continue
                target = Path(folder) / member.name if member.name in DUMPS.values() else None
                found[member.name] = _hashed(tar.extractfile(member), target, progress)
                dump = target or dump
    except BROKEN as error:
        raise BackupError(f"{path}: this archive is broken or cut off: {error}") from error
    manifest = _manifest(path, small, vouched=vouched)
    _compare(path, manifest, found)
    return Checked(Path(path), manifest, dump)


def pieces(path):
    """(SHA-256, file) of each piece of evidence in a checked archive."""
    with tarfile.open(path, "r:*") as tar:
        for member in tar:
            if known := PIECE.fullmatch(member.name):
                yield known[1], tar.extractfile(member)


def _refuse_strange(member, found):
    """Only plain files by the names that a backup gives: nothing that could lead out of it."""
    known = PIECE.fullmatch(member.name) or member.name in {*DUMPS.values(), MANIFEST, MAC}
    if not known or not member.isreg() or member.name in found:
        raise ValueError(f"it holds “{ascii(member.name)[1:-1]}”, which no backup of ours does")


def _small(tar, member):
    if member.size > MOST_MANIFEST_BYTES:
        raise ValueError("its manifest is too large")
    return tar.extractfile(member).read()


def _hashed(file, target, progress):
    digest, size = hashlib.sha256(), 0
    with open(target, "xb") if target else io.BytesIO() as copy:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            progress(len(chunk))
            if target:
                copy.write(chunk)
    return {"sha256": digest.hexdigest(), "size": size}


def _manifest(path, small, *, vouched):
    if small.keys() != {MANIFEST, MAC}:
        raise BackupError(f"{path}: the manifest is missing: the archive is cut off, or no backup of ours.")
    fits = hmac.compare_digest(mac_of(small[MANIFEST]).encode(), small[MAC])
    if vouched and not fits:
        raise BackupError(
            f"{path}: the manifest does not fit TRAIL_KEY. The archive was changed, or it was made under another key: "
            "set the TRAIL_KEY of that installation. With --without-key it is restored without this proof."
        )
    try:
        manifest = json.loads(small[MANIFEST])
        assert isinstance(manifest["files"], dict)
        return {"head": "", "counts": {}, "migrations": [], "keys": {}, "missing": [], **manifest}
    except (ValueError, KeyError, TypeError, AssertionError) as error:
        raise BackupError(f"{path}: the manifest cannot be read.") from error


def _compare(path, manifest, found):
    for name in sorted(manifest["files"].keys() | found.keys()):
        if manifest["files"].get(name) != found.get(name):
            what = "is not there" if name not in found else "is not what the manifest says"
            raise BackupError(f"{path}: “{name}” {what}: the archive is broken or was changed.")
