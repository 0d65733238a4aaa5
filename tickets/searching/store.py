"""Beside the table of words: what finds a row by them, and numbers by their beginning. Made anew after each `migrate`.

PostgreSQL: a tsvector of the words as they stand, no parser of its own splits them, under a GIN index. SQLite: an FTS5
table that keeps no text, followed by triggers, which SQLite loses when it alters the table. Numbers are looked up by
the order of their bytes, which is no language's: the only one in which all with the same beginning lie together.
"""

from django.apps import apps
from django.db import connections
from django.db.models import CharField, Func, Lookup, TextField
from django.db.models.signals import post_migrate

TABLE, COLUMN = "tickets_searchtext", "tokens"
FTS = f"{TABLE}_fts"
# Tables with a number that is looked up by its beginning; other apps add theirs.
NUMBERED = ["tickets_servicerequest", "shop_cs_order", "shop_cs_aftersale"]
# What waits unsorted is read by each search: little of it. kB
_PENDING = 512
_POSTGRESQL = {
    "search_tokens": (
        f"ALTER TABLE {TABLE} ADD COLUMN {COLUMN} tsvector GENERATED ALWAYS AS (words::tsvector) STORED;"
        f"CREATE INDEX search_tokens ON {TABLE} USING gin ({COLUMN}) WITH (gin_pending_list_limit = {_PENDING})"
    ),
}
_NEW, _OLD = (
    f"INSERT INTO {FTS} (rowid, words) VALUES (NEW.request_id, NEW.words);",  # noqa: S608 - names of our own
    f"INSERT INTO {FTS} ({FTS}, rowid, words) VALUES ('delete', OLD.request_id, OLD.words);",  # noqa: S608
)
_SQLITE = {
    # Whatever is no ASCII is a part of a word for this tokenizer: it splits at blanks alone.
    FTS: (
        f"CREATE VIRTUAL TABLE {FTS} USING fts5(words, content='{TABLE}', content_rowid='request_id',"
        " tokenize=\"ascii tokenchars '_'\")"
    ),
    "search_added": f"CREATE TRIGGER search_added AFTER INSERT ON {TABLE} BEGIN {_NEW} END",
    "search_taken": f"CREATE TRIGGER search_taken AFTER DELETE ON {TABLE} BEGIN {_OLD} END",
    "search_changed": f"CREATE TRIGGER search_changed AFTER UPDATE OF words ON {TABLE} BEGIN {_OLD} {_NEW} END",
}
_COLLATION = {"postgresql": "C", "sqlite": "BINARY"}


def token_of(shop_id):
    """The word that says whose a text is. No text has it: there is no underscore in a word."""
    return f"shop_{shop_id}"


def wanted(connection):
    """{name: SQL that makes it} of what belongs into the database of this engine."""
    collation = _COLLATION[connection.vendor]
    numbers = {
        f"{table}_no_prefix": f'CREATE INDEX {table}_no_prefix ON {table} (no COLLATE "{collation}")'
        for table in NUMBERED
    }
    return {**(_SQLITE if connection.vendor == "sqlite" else _POSTGRESQL), **numbers}


def missing(connection):
    """Names of what is not there."""
    there = {
        "sqlite": "SELECT name FROM sqlite_master",
        "postgresql": "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace",
    }
    with connection.cursor() as cursor:
        cursor.execute(there[connection.vendor])
        standing = {name for (name,) in cursor.fetchall()}
    return [name for name, sql in wanted(connection).items() if name not in standing and _table_of(sql) in standing]


def _table_of(sql):
    """The table that must be there before."""
    return next((table for table in NUMBERED if f" ON {table} " in sql), TABLE)


def install(connection):
    """Makes what is missing; what SQLite had lost is filled again from the table."""
    made = missing(connection)
    with connection.cursor() as cursor:
        for name in made:
            cursor.execute(wanted(connection)[name])
    if set(made) & _SQLITE.keys():
        refill(connection)
    return made


def refill(connection):
    """SQLite's table of words anew from the rows. PostgreSQL's index is a part of the table."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {FTS} ({FTS}) VALUES ('rebuild')")  # noqa: S608


def prove(connection):
    """Raises DatabaseError when SQLite's table of words is not that of the rows."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {FTS} ({FTS}, rank) VALUES ('integrity-check', 1)")  # noqa: S608


def remove(connection):
    """Takes all of it away."""
    with connection.cursor() as cursor:
        for table in NUMBERED:
            cursor.execute(f"DROP INDEX IF EXISTS {table}_no_prefix")
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS {COLUMN}")
            return
        for name in _SQLITE:
            cursor.execute(f"DROP {'TABLE' if name == FTS else 'TRIGGER'} IF EXISTS {name}")


@TextField.register_lookup
class Holds(Lookup):
    """`words__holds=[…]`: rows of `SearchText` with all of these words, by the index."""

    lookup_name = "holds"
    prepare_rhs = False

    def get_db_prep_lookup(self, value, connection):
        raise NotImplementedError("the words of a row are in one table only")

    def as_sqlite(self, compiler, connection):
        table = connection.ops.quote_name(self.lhs.alias)
        words = " ".join(f'"{word}"' for word in self.rhs)
        return f"{table}.request_id IN (SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s)", [words]  # noqa: S608

    def as_postgresql(self, compiler, connection):
        table = connection.ops.quote_name(self.lhs.alias)
        return f"{table}.{COLUMN} @@ %s::tsquery", [" & ".join(f"'{word}'" for word in self.rhs)]


class ByteOrder(Func):
    """A number in the order of its bytes, as the indexes have it."""

    template = '%(expressions)s COLLATE "%(collation)s"'
    output_field = CharField()

    def as_sql(self, compiler, connection, **extra):
        return super().as_sql(compiler, connection, collation=_COLLATION[connection.vendor], **extra)


class Unordered(Func):
    """A moment that PostgreSQL does not look for in an index: what is sorted by it was found by its words."""

    template = "%(expressions)s"
    arity = 1

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template="(%(expressions)s + interval '0')", **extra)


def connect():
    post_migrate.connect(_after_migrate, sender=apps.get_app_config("tickets"), dispatch_uid="tickets.searching")


def _after_migrate(sender, using, **kwargs):
    install(connections[using])
