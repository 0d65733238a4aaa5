from django.db import migrations
from django.utils import timezone

# Who answers requests could assign and tag them before there was a permission for it.
ANSWER, ORGANIZE = "answer_requests", "organize"


def allow(apps, schema_editor):
    """Posts that answer keep what they could; with a line in the trail each."""
    Post, Past = apps.get_model("shop_cs", "Post"), apps.get_model("shop_cs", "HistoricalPost")
    for post in Post._base_manager.order_by("pk"):
        if ANSWER in post.permissions and ORGANIZE not in post.permissions:
            post.permissions = [*post.permissions, ORGANIZE]
            post.save()
            Past._base_manager.create(
                id=post.pk,
                shop_id=post.shop_id,
                name=post.name,
                permissions=post.permissions,
                history_date=timezone.now(),
                history_type="~",
                actor_role="system",
                move="change_post",
                history_change_reason="0011_posts_organize",
            )


class Migration(migrations.Migration):

    dependencies = [
        ('shop_cs', '0009_figure_indexes'),
        ('tickets', '0010_quality_indexes'),
    ]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop, elidable=True)]
