"""Beside the table of words: what finds a row by them, and numbers by their beginning. Made anew after each `migrate`.

PostgreSQL: a tsvector of the words as they stand, no parser of its own splits them, under a GIN index. SQLite: an FTS5
table that keeps no text, followed by triggers, which SQLite loses when it alters the table. Numbers are looked up by
the order of their bytes, which is no language's: the only one in which all with the same beginning lie together.
"""

from django.apps import apps
from django.db import connections
from django.db.models import CharField, Func, Lookup, TextField
from django.db.models.signals import post_migrate

COLUMN = "tokens"
# {table with words: (the column that is its key, what its index and triggers are called)}; other apps add theirs.
WORDED = {"tickets_searchtext": ("request_id", "search")}
# Tables with a number that is looked up by its beginning; other apps add theirs.
NUMBERED = ["tickets_servicerequest", "shop_cs_order", "shop_cs_aftersale"]
# What waits unsorted is read by each search: little of it. kB
_PENDING = 512
_COLLATION = {"postgresql": "C", "sqlite": "BINARY"}


def _postgresql(table, key, called):
    return {
        f"{called}_tokens": (
            f"ALTER TABLE {table} ADD COLUMN {COLUMN} tsvector GENERATED ALWAYS AS (words::tsvector) STORED;"
            f"CREATE INDEX {called}_tokens ON {table} USING gin ({COLUMN}) WITH (gin_pending_list_limit = {_PENDING})"
        ),
    }


def _sqlite(table, key, called):
    fts = fts_of(table)
    new = f"INSERT INTO {fts} (rowid, words) VALUES (NEW.{key}, NEW.words);"  # noqa: S608 - names of our own
    old = f"INSERT INTO {fts} ({fts}, rowid, words) VALUES ('delete', OLD.{key}, OLD.words);"  # noqa: S608
    return {
        # Whatever is no ASCII is a part of a word for this tokenizer: it splits at blanks alone.
        fts: (
            f"CREATE VIRTUAL TABLE {fts} USING fts5(words, content='{table}', content_rowid='{key}',"
            " tokenize=\"ascii tokenchars '_'\")"
        ),
        f"{called}_added": f"CREATE TRIGGER {called}_added AFTER INSERT ON {table} BEGIN {new} END",
        f"{called}_taken": f"CREATE TRIGGER {called}_taken AFTER DELETE ON {table} BEGIN {old} END",
        f"{called}_changed": f"CREATE TRIGGER {called}_changed AFTER UPDATE OF words ON {table} BEGIN {old} {new} END",
    }


_MAKES = {"postgresql": _postgresql, "sqlite": _sqlite}


def fts_of(table):
    """SQLite's table of the words of a table."""
    return f"{table}_fts"


def token_of(shop_id):
    """The word that says whose a text is. No text has it: there is no underscore in a word."""
    return f"shop_{shop_id}"


def wanted(connection):
    """{name: (the table that must be there before, SQL that makes it)} of what belongs into this engine's database."""
    collation = _COLLATION[connection.vendor]
    numbers = {
        f"{table}_no_prefix": (table, f'CREATE INDEX {table}_no_prefix ON {table} (no COLLATE "{collation}")')
        for table in NUMBERED
    }
    return {name: (table, sql) for table in WORDED for name, sql in _words_of(connection, table).items()} | numbers


def _words_of(connection, table):
    """{name: SQL} of what finds a row of this table by its words."""
    return _MAKES[connection.vendor](table, *WORDED[table])


def missing(connection):
    """Names of what is not there."""
    there = {
        "sqlite": "SELECT name FROM sqlite_master",
        "postgresql": "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace",
    }
    with connection.cursor() as cursor:
        cursor.execute(there[connection.vendor])
        standing = {name for (name,) in cursor.fetchall()}
    return [name for name, (table, _sql) in wanted(connection).items() if name not in standing and table in standing]


def install(connection):
    """Makes what is missing; what SQLite had lost is filled again from the table."""
    made = missing(connection)
    with connection.cursor() as cursor:
        for name in made:
            _table, sql = wanted(connection)[name]
            cursor.execute(sql)
    for table in WORDED:
        if set(made) & _words_of(connection, table).keys():
            refill(connection, table)
    return made


def refill(connection, table):
    """SQLite's table of words anew from the rows. PostgreSQL's index is a part of the table."""
    _tell_fts(connection, table, "(%s) VALUES ('rebuild')")


def prove(connection, table):
    """Raises DatabaseError when SQLite's table of words is not that of the rows."""
    _tell_fts(connection, table, "(%s, rank) VALUES ('integrity-check', 1)")


def _tell_fts(connection, table, command):
    if connection.vendor == "sqlite":
        fts = fts_of(table)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {fts} {command % fts}")  # noqa: S608 - names of our own


def remove(connection):
    """Takes all of it away."""
    with connection.cursor() as cursor:
        for table in NUMBERED:
            cursor.execute(f"DROP INDEX IF EXISTS {table}_no_prefix")
        for table in WORDED:
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE IF EXISTS {table} DROP COLUMN IF EXISTS {COLUMN}")
                continue
            for name in _words_of(connection, table):
                cursor.execute(f"DROP {'TABLE' if name == fts_of(table) else 'TRIGGER'} IF EXISTS {name}")


@TextField.register_lookup
class Holds(Lookup):
    """`words__holds=[…]`: rows of a table with words that have all of these, by the index."""

    lookup_name = "holds"
    prepare_rhs = False

    def get_db_prep_lookup(self, value, connection):
        raise NotImplementedError("the words of a row are in one table only")

    def as_sqlite(self, compiler, connection):
        table, worded = connection.ops.quote_name(self.lhs.alias), self.lhs.target.model._meta.db_table
        key, fts = WORDED[worded][0], fts_of(worded)
        words = " ".join(f'"{word}"' for word in self.rhs)
        return f"{table}.{key} IN (SELECT rowid FROM {fts} WHERE {fts} MATCH %s)", [words]  # noqa: S608

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
