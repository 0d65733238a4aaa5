"""The few words in which the two databases differ when rows are made by the million inside of them."""

from django.db import connection


class PostgreSQL:
    def series(self, most):
        return f"(SELECT n FROM generate_series(1, {most}) AS n) AS series"

    def minutes_before(self, base, minutes):
        return f"(timestamptz '{base:%F %T}+00' - make_interval(mins => ({minutes})::int))"

    def plus_minutes(self, moment, minutes):
        return f"({moment} + make_interval(mins => ({minutes})::int))"

    def padded(self, number, width):
        return f"lpad(({number})::text, {width}, '0')"

    true, false = "true", "false"


class SQLite:
    def series(self, most):
        ten = " UNION ALL ".join(f"SELECT {digit} AS d" for digit in range(10))
        digits = len(str(most))
        froms = ", ".join(f"({ten}) AS t{place}" for place in range(digits))
        number = " + ".join(f"t{place}.d * {10**place}" for place in range(digits))
        return f"(SELECT n FROM (SELECT {number} AS n FROM {froms}) WHERE n BETWEEN 1 AND {most}) AS series"

    def minutes_before(self, base, minutes):
        return f"datetime('{base:%F %T}', (-({minutes})) || ' minutes')"

    def plus_minutes(self, moment, minutes):
        return f"datetime({moment}, ({minutes}) || ' minutes')"

    def padded(self, number, width):
        return f"printf('%0{width}d', {number})"

    true, false = "1", "0"


def dialect():
    return {"postgresql": PostgreSQL, "sqlite": SQLite}[connection.vendor]()
