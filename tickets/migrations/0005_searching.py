import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

from tickets.searching import store


def install(apps, schema_editor):
    """What each `migrate` puts up again where it is missing."""
    store.install(schema_editor.connection)


def remove(apps, schema_editor):
    store.remove(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('shop_cs', '0008_member_bars'),
        ('tickets', '0004_figures'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchText',
            fields=[
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_text', serialize=False, to='tickets.servicerequest', verbose_name='request')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('words', models.TextField(verbose_name='words')),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shop_cs.shop', verbose_name='shop')),
            ],
            options={
                'verbose_name': 'searched text',
                'verbose_name_plural': 'searched texts',
                'indexes': [models.Index(fields=['-created_at', '-request'], name='search_newest')],
            },
            managers=[
                ('everything', django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunPython(install, remove),
    ]
