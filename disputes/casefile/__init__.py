"""The case file of an order: all that it ever gave rise to, in the order of time, as far as the reader may see. [2]"""

from .entries import Entry, Kind, by_day, entries
from .records import Record, records

__all__ = ["Entry", "Kind", "Record", "by_day", "entries", "records"]
