"""Promises of the database, by what they are about.

Each part has `make(cast)`, which makes one of everything, BREACHES {constraint: what breaks it}, NOBODYS {model:
moments of which nobody is the doer} and UNTRACKED {model without history: why}.
"""

from . import figures, hands, helping, jobs, planning, quality, searching

PARTS = (jobs, figures, searching, hands, helping, quality, planning)


def joined(name):
    """What all parts say under this name, as one dict."""
    return {key: value for part in PARTS for key, value in dict(getattr(part, name)).items()}
