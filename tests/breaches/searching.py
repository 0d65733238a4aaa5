"""What is searched."""

BREACHES = {}
NOBODYS = {"tickets.SearchText": {"created"}}
UNTRACKED = {"SearchText": "derived"}


def make(cast):
    pass
