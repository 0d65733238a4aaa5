"""A row of the table: what was measured, what it may be, whether it holds. Pure."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`value` is in `unit`: "ms" and "s" are better small, "a second" large.

    `beside` is what was measured in turn with it, in the same unit; `most` how many times that it may be, `longest` the
    most in its unit, `fewest` the least rate. `memory` are the most megabytes of its process.
    """

    name: str
    value: float
    unit: str = "ms"
    beside: float | None = None
    most: float | None = None
    longest: float | None = None
    fewest: float | None = None
    statements: int | None = None
    most_statements: int | None = None
    memory: float | None = None
    most_memory: float | None = None

    @property
    def ratio(self):
        return None if self.beside is None else self.value / self.beside

    @property
    def holds(self):
        return all(
            (
                self.most is None or self.ratio <= self.most,
                self.longest is None or self.value <= self.longest,
                self.fewest is None or self.value >= self.fewest,
                self.most_statements is None or self.statements <= self.most_statements,
                self.most_memory is None or self.memory <= self.most_memory,
            )
        )

    @property
    def is_limited(self):
        limits = (self.most, self.longest, self.fewest, self.most_statements, self.most_memory)
        return any(limit is not None for limit in limits)

    def limits(self):
        """What it may be, in words."""
        return ", ".join(
            words
            for words, is_said in (
                (f"≤ {self.most:g} ×" if self.most else "", self.most),
                (f"≤ {self.longest:g} {self.unit}" if self.longest else "", self.longest),
                (f"≥ {self.fewest:,.0f} {self.unit}" if self.fewest else "", self.fewest),
                (f"≤ {self.most_statements} statements", self.most_statements),
                (f"≤ {self.most_memory} MB" if self.most_memory else "", self.most_memory),
            )
            if is_said
        )

    def told(self):
        """What was found, in words; what misses its limit is marked."""
        found = [f"{self.value:,.0f} {self.unit}" if self.value >= 100 else f"{self.value:.1f} {self.unit}"]
        if self.beside is not None:
            found.append(f"{self.ratio:.2f} ×")
        if self.statements is not None:
            found.append(f"{self.statements} statements")
        if self.memory is not None:
            found.append(f"{self.memory:,.0f} MB")
        words = ", ".join(found)
        return words if self.holds else f"**{words}**"

    def times(self, smaller):
        """How many times as long it takes here as in a smaller database."""
        if self.beside is not None:
            return self.ratio / smaller.ratio
        return smaller.value / self.value if self.unit == "a second" else self.value / smaller.value

    def plain(self):
        return asdict(self)
