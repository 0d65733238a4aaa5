"""The trail: fills each history row with who, how and why; writes it for bulk paths; reads it back as changes."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from simple_history.signals import pre_create_historical_record

from .models.trail import TrailRow, current


def connect():
    pre_create_historical_record.connect(_fill, dispatch_uid="shop_cs.history")


def _fill(sender, history_instance, **kwargs):
    doing = current()
    for field, value in TrailRow.said().items():
        setattr(history_instance, field, value)
    history_instance.history_change_reason = doing.reason or history_instance.history_change_reason or ""
    if doing.at is not None:
        history_instance.history_date = doing.at


def record_many(rows, *, created, batch_size=1000):
    """History for rows written in bulk: the same columns as when written singly, in a few statements."""
    if not rows:
        return
    doing = current()
    type(rows[0]).history.bulk_history_create(
        rows,
        update=not created,
        batch_size=batch_size,
        default_date=doing.at,
        default_user=doing.by.user_id,
        default_change_reason=doing.reason,
        custom_historical_attrs=TrailRow.said(),
    )


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the trail as a reader wants it: when, who, in which role, what from and to, why."""

    at: datetime
    who: str
    role: str
    action: str
    why: str
    rulebook: str
    kind: str
    fields: tuple[FieldChange, ...]


_VERBS = {"+": _("Created"), "~": _("Changed"), "-": _("Deleted")}


def changes_of(record):
    """All changes of a record, newest first, each against the row before it."""
    rows = list(type(record).history.filter(**{record._meta.pk.attname: record.pk}).order_by("history_id"))
    told = [_change(row, before) for before, row in zip([None, *rows], rows, strict=False)]
    return told[::-1]


def _change(row, before):
    return Change(
        at=row.history_date,
        who=row.actor_name,
        role=row.get_actor_role_display(),
        action=row.move,
        why=row.history_change_reason or "",
        rulebook=row.rulebook_name,
        kind=_VERBS[row.history_type],
        fields=tuple(_field_changes(row, before)),
    )


def _field_changes(row, before):
    for field in row.tracked_fields:
        after_value = getattr(row, field.attname)
        before_value = getattr(before, field.attname) if before is not None else None
        if after_value != before_value and not (before is None and after_value in ("", None)):
            yield FieldChange(field.verbose_name, _shown(before, field), _shown(row, field))


def _shown(row, field):
    """A field's value in words: a choice by its label, nothing as nothing."""
    if row is None or (value := getattr(row, field.attname)) is None:
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return value
