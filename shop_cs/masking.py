"""Hides mobile numbers in free text: in log lines, in reasons that are kept, in what is said of a bad cell."""

import logging
import re
import unicodedata
from urllib.parse import quote_plus, unquote_plus

# 13800008000, also written in groups or with the country's number; no part of a longer number.
_MOBILE = re.compile(r"(?<!\d)((?:(?:\+|00)?86[ -]?)?1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")
# PostgreSQL quotes the whole row that breaks a constraint.
_FAILING_ROW = re.compile(r"(Failing row contains) \(.*?\)\.?(?=\n|$)", re.DOTALL)
_PLAIN = logging.Formatter()


def mask_mobiles(text):
    """ "call 13800008000" → "call 138****8000"; everything else stays as it is."""
    return _MOBILE.sub(r"\1****\2", text)


# Whatever people write between the digits of a number that stands alone.
_BETWEEN = re.compile(r"[\s()._\-\u2010-\u2015\u2212]+")
_ALONE = re.compile(r"((?:(?:\+|00)?86)?1[3-9]\d)\d{4}(\d{4})")
_SAID = re.compile(r"[^?&=]+")


def mask_query(query):
    """The same of a query string, in which blanks and Chinese are written otherwise. A value that is a number and
    nothing else is known with any blanks and dashes in it."""
    return _SAID.sub(lambda said: _masked_value(said[0]), query)


def _masked_value(said):
    text = unquote_plus(said)
    alone = _ALONE.fullmatch(_BETWEEN.sub("", unicodedata.normalize("NFKC", text)))
    masked = alone.expand(r"\1****\2") if alone else mask_mobiles(text)
    return said if masked == text else quote_plus(masked, safe="*")


class MaskMobiles(logging.Filter):
    """Lets every record through, with no mobile number in its message, its arguments or its traceback."""

    def filter(self, record):
        record.msg, record.args = _masked(_message(record)), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _PLAIN.formatException(record.exc_info)
        record.exc_text = record.exc_text and _masked(record.exc_text)
        record.stack_info = record.stack_info and _masked(record.stack_info)
        return True


def _message(record):
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # Whoever logs with the wrong arguments still logs; what he did not place is not printed.
        return str(record.msg)


def _masked(text):
    return _FAILING_ROW.sub(r"\1 (…)", mask_mobiles(text))
