"""Many at once: acts in threads of their own, released together. What a race test is made of."""

import threading

import pytest
from django.db import connection

from shop_cs.moves import Refused

ON_POSTGRESQL = connection.vendor == "postgresql"
real_rows = [
    pytest.mark.skipif(
        not ON_POSTGRESQL,
        reason="row locks need PostgreSQL; on SQLite writers queue at the door",
    ),
    pytest.mark.django_db(transaction=True),
]


def all_at_once(*acts):
    """Runs each act in a thread with a connection of its own, released together; what each returned or raised."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            start.wait(timeout=20)
            results[place] = act()
        except Refused as refused:
            results[place] = refused.refusal.code
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results
