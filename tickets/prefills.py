"""What other apps know of an answer before it is typed: registered here, without tickets knowing them."""

# Functions (request, now) → {field of the reply form: value} or nothing; of two that fill one field the later counts.
PREFILLS = []


def register(prefill):
    if prefill not in PREFILLS:
        PREFILLS.append(prefill)


def initial(request, *, now):
    """What the reply form of a request is filled with at first; the merchant may change all of it."""
    known = {}
    for prefill in PREFILLS:
        known |= prefill(request, now) or {}
    return known
