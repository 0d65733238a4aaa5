"""What quick phrases and playbooks may name of a request: one table of variables, checked and filled in. [1]

No variable has a name, telephone number or address of a consumer in it: the name is masked as everywhere. [3]
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs import privacy
from shop_cs.words import instant, listed, yuan


@dataclass(frozen=True, slots=True)
class Variable:
    """`words` is what it stands for, `value(record, me)` its text of a request; "" where that is not known."""

    words: str
    value: Callable


VARIABLES = {
    "order": Variable(gettext_lazy("order number"), lambda record, me: record.order.no),
    "request": Variable(gettext_lazy("request number"), lambda record, me: record.no),
    "type": Variable(gettext_lazy("type of the request"), lambda record, me: str(record.get_category_display())),
    "product": Variable(gettext_lazy("product"), lambda record, me: record.order.product),
    "amount": Variable(gettext_lazy("amount of the order"), lambda record, me: yuan(record.order.amount_fen)),
    "consumer": Variable(gettext_lazy("consumer's name, masked"), lambda record, me: _consumer(record)),
    "courier": Variable(gettext_lazy("courier"), lambda record, me: record.order.courier or _("the courier")),
    "after_sale": Variable(gettext_lazy("number of the linked after-sale"), lambda record, me: _after_sale(record)),
    "deadline": Variable(gettext_lazy("deadline"), lambda record, me: record.deadline and instant(record.deadline)),
    "shop": Variable(gettext_lazy("your shop's name"), lambda record, me: record.shop.name),
    "me": Variable(gettext_lazy("your own name"), lambda record, me: me),
}
_BRACED = re.compile(r"\{\s*([^{}\n]*?)\s*\}")


def _consumer(record):
    return privacy.name_shown(record.order.consumer) or _("the consumer")


def _after_sale(record):
    return record.after_sale.no if record.after_sale_id else ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its variables filled in; `missing` are those that this request has no value for: they stay."""

    text: str
    missing: tuple

    @property
    def lack(self):
        """What is missing, in words; "" for nothing."""
        if not self.missing:
            return ""
        names = listed(f"{{{name}}} ({VARIABLES[name].words})" for name in self.missing)
        return _("Not known for this request, fill it in yourself: %(names)s") % {"names": names}


def named(text):
    """The names in braces, each once, in order."""
    return list(dict.fromkeys(_BRACED.findall(text)))


def why_not(text):
    """What is wrong with the variables of a text, in words that tell what there is; "" for nothing."""
    unknown = [name for name in named(text) if name not in VARIABLES]
    if not unknown:
        return ""
    return _("There is no variable %(unknown)s. There are: %(known)s.") % {
        "unknown": listed(f"{{{name}}}" for name in unknown),
        "known": listed(f"{{{name}}}" for name in VARIABLES),
    }


def left_in(text):
    """The variables that still stand in a text, unfilled; other words in braces are somebody's own."""
    return [name for name in named(text) if name in VARIABLES]


def fill(text, record, *, me):
    """The text for this request; `me` is the name of who writes. In one pass: what is filled in is never read again."""
    values = {name: VARIABLES[name].value(record, me) for name in left_in(text)}

    def put(match):
        return values.get(match[1]) or match[0]

    return Filled(_BRACED.sub(put, text), tuple(name for name, value in values.items() if not value))


def in_words(text):
    """The text with its variables as words, for who looks at it without a request."""
    return _BRACED.sub(lambda match: f"〔{VARIABLES[match[1]].words}〕" if match[1] in VARIABLES else match[0], text)


def table():
    """(name as it is written, what it stands for) of all variables."""
    return [(f"{{{name}}}", variable.words) for name, variable in VARIABLES.items()]
