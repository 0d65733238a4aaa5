"""Guards: triggers of the database that refuse what no code of ours should ask, whoever asks, in raw SQL too.

They are put up after each `migrate`, on both engines: SQLite loses a table's triggers when the table is altered. A
system check names what is missing. `manage.py flush` is refused like every other way of emptying a guarded table.
"""

import logging
from dataclasses import dataclass

from django.apps import apps
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.db.models.signals import post_migrate, pre_migrate

from .models import ROUTES, Account, Seal, SealedPart, TrailRow, Transfer

log = logging.getLogger(__name__)
# So many missing ones are named in a warning.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Refusing:
    """Refuse the statement where the SQL condition `when` holds, with these words."""

    when: str
    words: str


@dataclass(frozen=True, slots=True)
class Guard:
    """A trigger on `table`. `steps` run in turn: a `Refusing`, or an SQL statement to run.

    `event` is "BEFORE INSERT" and the like. Conditions are written so that both engines read them; no step has quotes
    within its words. `only` names the engine that needs it, "" for both.
    """

    name: str
    table: str
    event: str
    steps: tuple[Refusing | str, ...]
    only: str = ""

    @property
    def each(self):
        """Once a row or once a statement: what reads no row is asked once, also where no row is met."""
        return "STATEMENT" if "TRUNCATE" in self.event else "ROW"


_ACCOUNT, _TRANSFER = Account._meta.db_table, Transfer._meta.db_table


def _listed(values):
    return ", ".join(f"'{value}'" for value in values)


_PATHS = _listed(
    f"{cause}:{payer}:{taker}" for cause, (payers, takers) in ROUTES.items() for payer in payers for taker in takers
)
_NO_ROUTE = f"""NEW.cause IN ({_listed(Transfer.Cause.values)}) AND NEW.debit_id <> NEW.credit_id AND NOT EXISTS (
    SELECT 1 FROM {_ACCOUNT} d, {_ACCOUNT} c WHERE d.id = NEW.debit_id AND c.id = NEW.credit_id
    AND NEW.cause || ':' || d.kind || ':' || c.kind IN ({_PATHS})
    AND (d.shop_id IS NULL OR c.shop_id IS NULL OR d.shop_id = c.shop_id))"""  # noqa: S608 - names of our own
# SQLite's INSERT OR REPLACE would delete the row in its way past the guard of deleting.
_TRANSFER_TAKEN = f"""EXISTS (SELECT 1 FROM {_TRANSFER} WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM {_TRANSFER} WHERE key = NEW.key)
    OR NEW.cause = 'refund' AND EXISTS (
        SELECT 1 FROM {_TRANSFER} WHERE cause = 'refund' AND reference = NEW.reference)"""  # noqa: S608
_ACCOUNT_TAKEN = f"""EXISTS (SELECT 1 FROM {_ACCOUNT} WHERE id = NEW.id) OR EXISTS (
    SELECT 1 FROM {_ACCOUNT} WHERE kind = NEW.kind AND subject = NEW.subject
    AND COALESCE(shop_id, 0) = COALESCE(NEW.shop_id, 0))"""  # noqa: S608
_MOVE = f"""UPDATE {_ACCOUNT} SET last_transfer = NEW.id, balance_fen = balance_fen
    + CASE WHEN id = NEW.credit_id THEN NEW.amount_fen ELSE -NEW.amount_fen END
    WHERE id IN (NEW.debit_id, NEW.credit_id)"""  # noqa: S608
_NOT_MOVED = f"""(SELECT COUNT(*) FROM {_ACCOUNT}
    WHERE id IN (NEW.debit_id, NEW.credit_id) AND last_transfer = NEW.id) <> 2"""  # noqa: S608
# Only a newer transfer than the last moves a balance: so none is ever counted twice.
_UNFOUNDED = f"""(NEW.balance_fen <> OLD.balance_fen
        OR COALESCE(NEW.last_transfer, 0) <> COALESCE(OLD.last_transfer, 0))
    AND NOT EXISTS (SELECT 1 FROM {_TRANSFER} t WHERE t.id = NEW.last_transfer AND t.id > COALESCE(OLD.last_transfer, 0)
    AND (t.credit_id = NEW.id AND NEW.balance_fen - OLD.balance_fen = t.amount_fen
        OR t.debit_id = NEW.id AND OLD.balance_fen - NEW.balance_fen = t.amount_fen))"""  # noqa: S608
_RENAMED = """NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.subject <> OLD.subject
    OR COALESCE(NEW.shop_id, 0) <> COALESCE(OLD.shop_id, 0)"""
# The CHECKs say the same, but SQLite's INSERT OR IGNORE and OR FAIL would pass by them with half of a transfer moved.
_TOO_LOW = f"NEW.balance_fen < 0 AND NEW.kind IN ({_listed(Account.NOT_NEGATIVE)})"
_TOO_HIGH = f"NEW.balance_fen > 0 AND NEW.kind IN ({_listed(Account.NOT_POSITIVE)})"


def append_only(table, *, pk, words):
    """The guards of a table whose rows are written once and for ever."""
    never = Refusing("1 = 1", f"{words} are append-only")
    # SQLite knows neither TRUNCATE nor triggers of a statement; and its INSERT OR REPLACE deletes without a trigger.
    taken = Refusing(f"EXISTS (SELECT 1 FROM {table} WHERE {pk} = NEW.{pk})", f"{words}: this id is taken")  # noqa: S608
    return [
        Guard(f"guard_{table}_kept", table, "BEFORE UPDATE OR DELETE OR TRUNCATE", (never,), only="postgresql"),
        Guard(f"guard_{table}_update", table, "BEFORE UPDATE", (never,), only="sqlite"),
        Guard(f"guard_{table}_delete", table, "BEFORE DELETE", (never,), only="sqlite"),
        Guard(f"guard_{table}_insert", table, "BEFORE INSERT", (taken,), only="sqlite"),
    ]


GUARDS = [
    Guard(
        "guard_transfer_insert",
        _TRANSFER,
        "BEFORE INSERT",
        (
            Refusing(_TRANSFER_TAKEN, "transfer: this id, key or reference of a refund is taken"),
            Refusing(_NO_ROUTE, "transfer: no such route between these accounts"),
        ),
    ),
    Guard(
        "guard_transfer_moves",
        _TRANSFER,
        "AFTER INSERT",
        (_MOVE, Refusing(_NOT_MOVED, "transfer: the balances did not move")),
    ),
    *append_only(_TRANSFER, pk="id", words="transfers"),
    *append_only(Seal._meta.db_table, pk="no", words="seals"),
    *append_only(SealedPart._meta.db_table, pk="id", words="sealed parts"),
    Guard(
        "guard_account_insert",
        _ACCOUNT,
        "BEFORE INSERT",
        (
            Refusing(_ACCOUNT_TAKEN, "account: this id, or this kind of this shop and subject, is taken"),
            Refusing("NEW.balance_fen <> 0 OR NEW.last_transfer IS NOT NULL", "account: a new one is empty"),
        ),
    ),
    Guard(
        "guard_account_update",
        _ACCOUNT,
        "BEFORE UPDATE",
        (
            Refusing(_RENAMED, "account: its kind, shop and subject stay"),
            Refusing(_UNFOUNDED, "account: only a transfer moves a balance"),
            Refusing(_TOO_LOW, "account_not_below_zero"),
            Refusing(_TOO_HIGH, "account_not_above_zero"),
        ),
    ),
    Guard(
        "guard_account_delete",
        _ACCOUNT,
        "BEFORE DELETE",
        (Refusing("OLD.last_transfer IS NOT NULL", "account: money has moved through it"),),
    ),
]


def guarded():
    """All guards: those above, and those of every history table."""
    tables = sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, TrailRow))
    return [*GUARDS, *(guard for table in tables for guard in append_only(table, pk="history_id", words="history"))]


def install(connection):
    """Puts up every guard that is missing and whose table is there, in place of what stood there by its name."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for guard in _missing(connection):
            for statement in [*_dropping(connection, guard), *_creating(connection, guard)]:
                cursor.execute(statement)


def drop(connection):
    """Takes all guards down, for what alters the tables themselves; `install` is to follow."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for guard in _wanted(connection):
            for statement in _dropping(connection, guard):
                cursor.execute(statement)


def missing(connection):
    """Names of the guards that do not stand, or not as this version has them. A table not yet made misses none."""
    return [guard.name for guard in _missing(connection)]


def _missing(connection):
    with connection.cursor() as cursor:
        cursor.execute(_STANDING[connection.vendor])
        standing = {name: tuple(kept) for name, *kept in cursor.fetchall()}
    return [guard for guard in _wanted(connection) if standing.get(guard.name) != _as_kept(connection, guard)]


_STANDING = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    # A trigger that was disabled, or that waits for a column or a condition, stands there and does nothing.
    "postgresql": "SELECT t.tgname, p.prosrc, c.relname, t.tgtype FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
    " JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
    " AND t.tgqual IS NULL AND t.tgattr = '' AND c.relnamespace = current_schema()::regnamespace",
}
# The bits of PostgreSQL's pg_trigger.tgtype.
_BITS = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}


def _wanted(connection):
    """The guards of this engine whose tables are there."""
    tables = set(connection.introspection.table_names())
    return [guard for guard in guarded() if guard.only in ("", connection.vendor) and guard.table in tables]


def _as_kept(connection, guard):
    if connection.vendor == "sqlite":
        return (_sqlite(guard),)
    bits = sum(bit for word, bit in _BITS.items() if word in guard.event.split() or word == guard.each)
    return _plpgsql(guard), guard.table, bits


def _dropping(connection, guard):
    if connection.vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {guard.name}"]
    return [f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}", f"DROP FUNCTION IF EXISTS {guard.name}()"]


def _creating(connection, guard):
    if connection.vendor == "sqlite":
        return [_sqlite(guard)]
    return [
        f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $guard${_plpgsql(guard)}$guard$",
        f"CREATE TRIGGER {guard.name} {guard.event} ON {guard.table} FOR EACH {guard.each}"
        f" EXECUTE FUNCTION {guard.name}()",
    ]


def _sqlite(guard):
    steps = (
        f"SELECT RAISE(ABORT, '{step.words}') WHERE {step.when};" if isinstance(step, Refusing) else f"{step};"
        for step in guard.steps
    )
    return f"CREATE TRIGGER {guard.name} {guard.event} ON {guard.table} BEGIN {' '.join(steps)} END"


def _plpgsql(guard):
    steps = (
        f"IF {step.when} THEN RAISE integrity_constraint_violation USING MESSAGE = '{step.words}'; END IF;"
        if isinstance(step, Refusing)
        else f"{step};"
        for step in guard.steps
    )
    answer = {"ROW": "OLD" if "DELETE" in guard.event else "NEW", "STATEMENT": "NULL"}[guard.each]
    return f"BEGIN {' '.join(steps)} RETURN {answer}; END"


def _before_migrate(sender, using, plan=(), **kwargs):
    # SQLite alters a table by making it anew, and stumbles over triggers that name the one in between.
    if plan and connections[using].vendor == "sqlite":
        drop(connections[using])


def _after_migrate(sender, using, **kwargs):
    install(connections[using])


def say_missing():
    """For what starts: a line in the log that nobody overlooks when guards are missing."""
    for warning in check_guards():
        log.critical("%s %s", warning.msg, warning.hint)


@checks.register
def check_guards(app_configs=None, **kwargs):
    """A warning when guards are missing. No error: `migrate` asks this first, and is what puts them up."""
    try:
        names = missing(connections[DEFAULT_DB_ALIAS])
    except DatabaseError:
        # A database that is away, or not made yet, is somebody else's finding.
        return []
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    told = f"Guards do not stand in the database: {', '.join(names[:NAMED])}{more}."
    return [checks.Warning(told, hint="Run manage.py migrate.", id="shop_cs.W001")] if names else []


def connect(app):
    """`app` is the ground's AppConfig: once for each `migrate`, not once for each app."""
    pre_migrate.connect(_before_migrate, sender=app, dispatch_uid="shop_cs.guards.before")
    post_migrate.connect(_after_migrate, sender=app, dispatch_uid="shop_cs.guards.after")
