"""What a decision does to amounts and rates. Pure: whole fen and counts come in, values go out."""

from dataclasses import dataclass, replace
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Rate:
    """A shop's merchant liability rate of a month: orders that count against it, out of all orders paid in it. [0]"""

    counting: int
    orders: int

    @property
    def value(self):
        """A Fraction of 0…1; None in a month without orders."""
        return Fraction(self.counting, self.orders) if self.orders else None

    @property
    def percent(self):
        """With two decimals, as people read it: “1.25%”; “—” in a month without orders."""
        return "—" if self.value is None else f"{float(self.value) * 100:.2f}%"

    def with_order(self):
        """The rate if one more order counted."""
        return replace(self, counting=min(self.counting + 1, self.orders))

    def without_order(self):
        """The rate if one order fewer counted."""
        return replace(self, counting=max(self.counting - 1, 0))


@dataclass(frozen=True, slots=True)
class Effect:
    """What one case does to the rate of its month: before it and after it."""

    before: Rate
    after: Rate

    @property
    def changes(self):
        return self.before != self.after


def refund_within(asked, *, taken, refunded):
    """The fen of `asked` that can come back: never more than is left of what was taken."""
    return max(0, min(asked, taken - refunded))
