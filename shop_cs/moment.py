"""What time it is: the database's, so that every machine agrees on who was late."""

from datetime import UTC, datetime

from django.db import connection


def asked_at(request) -> datetime:
    """The moment of a web request: the door has asked the clock already for whom it knows."""
    return getattr(request, "asked_at", None) or now()


def now() -> datetime:
    """The database's clock, aware, UTC. Asked once at the door; everything below takes it as an argument."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")
            return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)
        # Not CURRENT_TIMESTAMP: that one stands still while a transaction waits for its lock.
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0].astimezone(UTC)
