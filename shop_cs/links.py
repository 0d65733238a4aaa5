"""What consumers' links carry: which record, signed. The same record has the same link whenever it is written."""

from django.core import signing


def token(purpose, key):
    """The key of a record, signed for a purpose: a link for one opens nothing of another."""
    return signing.Signer(salt=f"link.{purpose}").sign_object(key)


def key_in(purpose, token):
    """The key of the record that the link is for, or None for a forged one."""
    try:
        return signing.Signer(salt=f"link.{purpose}").unsign_object(token)
    except signing.BadSignature:
        return _key_of_old(purpose, token)


def _key_of_old(purpose, token):
    """Of a link as they were written until 0.1: it said when, too."""
    try:
        return signing.loads(token, salt=purpose)
    except signing.BadSignature:
        return None
