"""What time it is: the database's, so that every machine agrees on who was late."""

from datetime import UTC, datetime

from django.db import connection


def now() -> datetime:
    """The database's clock, aware, UTC. Asked once at the door; everything below takes it as an argument."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")
            return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)
        # Not CURRENT_TIMESTAMP: that one stands still while a transaction waits for its lock.
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0].astimezone(UTC)
