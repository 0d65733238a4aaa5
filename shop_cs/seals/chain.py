"""How a link of the chain is reckoned. Pure: whoever has the parts and the key can do it again anywhere."""

import hashlib
import hmac
import json
from dataclasses import dataclass

# What the first seal names as the one before it.
BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class Part:
    """Of one history table the rows with after < id ≤ upto: how many, the SHA-256 of their texts, and the columns.

    `columns` is their names with commas, "" where they are those of the table's part before.
    """

    table: str
    after: int
    upto: int
    rows: int
    digest: str
    columns: str


def hash_of(no, at, previous, parts):
    """SHA-256, as hex, of a seal's number, instant (aware), the hash before it and its parts."""
    told = [[one.table, one.after, one.upto, one.rows, one.digest, one.columns] for one in parts]
    content = [no, int(at.timestamp() * 1_000_000), previous, sorted(told)]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def mac_of(found, key):
    """HMAC-SHA256, as hex, of a seal's hash: only who has the key (text) can make it."""
    return hmac.new(key.encode(), found.encode(), "sha256").hexdigest()


class Digest:
    """The SHA-256 of rows' texts, fed one by one; knows how many they were."""

    def __init__(self):
        self.rows, self._sha256 = 0, hashlib.sha256()

    def add(self, text):
        self.rows += 1
        # A text of JSON has no line end of its own.
        self._sha256.update(text.encode() + b"\n")

    def hex(self):
        return self._sha256.hexdigest()
