"""Let each change say to which record the changed row belongs, so that an index finds the past of its evidence."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.fields.json import KT
from django.db.models.functions import Cast


def fill_owners(apps, schema_editor):
    """Tell of every change of a citation the record that was cited, under the code that this has now.

    The databases read it from the states that they hold, so that no row passes through Python.
    """
    database = schema_editor.connection.alias
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(database)
    changes = apps.get_model("shuangta", "Change").objects.using(database)
    former_codes = apps.get_model("shuangta", "FormerCode").objects.using(database)
    changes.filter(
        record_type__in=content_types.filter(app_label="seeds", model="citation")
    ).update(
        owner_type=Cast(KT("state__record_type_id"), models.IntegerField()),
        owner=KT("state__record"),
    )
    for former in former_codes:
        changes.filter(owner_type=former.record_type_id, owner=former.code).update(
            owner=former.record
        )


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("shuangta", "0003_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="change",
            name="owner_type",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contenttypes.contenttype",
                verbose_name="owner type",
            ),
        ),
        migrations.AddField(
            model_name="change",
            name="owner",
            field=models.CharField(blank=True, max_length=100, null=True, verbose_name="owner"),
        ),
        # Before the rows are filled: PostgreSQL makes no index in a transaction that has changed the table.
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                fields=["owner_type", "owner", "record_type"], name="change_by_owner"
            ),
        ),
        migrations.RunPython(fill_owners, migrations.RunPython.noop),
    ]
