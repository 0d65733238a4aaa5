"""The two versions that ship: with the consumer's confirmation ([2], 2022-12) and without ([4]), which is in force."""

from datetime import datetime, timezone

from django.db import migrations

from shop_cs.models.rulebook import default_categories

DAY = ["09:00-21:00"]
# The day on which the confirming stage was retired is not in the sources: assumed.
VERSIONS = [
    ("2022-12", datetime(2022, 11, 30, 16, tzinfo=timezone.utc), True, "消费者确认环节：回复已解决后先由用户确认。"),
    ("current", datetime(2023, 6, 30, 16, tzinfo=timezone.utc), False, "用户确认中环节已下线，回复后直接进入平台处理中。"),
]


def ship(apps, schema_editor):
    Rulebook = apps.get_model("shop_cs", "Rulebook")
    Trail = apps.get_model("shop_cs", "HistoricalRulebook")
    for name, since, confirming, note in VERSIONS:
        row = Rulebook.objects.create(
            name=name,
            effective_from=since,
            confirming_stage=confirming,
            note=note,
            windows=DAY,
            categories=default_categories(),
        )
        columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        Trail.objects.create(history_date=since, history_type="+", move="ship", history_change_reason=note, **columns)


class Migration(migrations.Migration):
    dependencies = [("shop_cs", "0001_initial")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
