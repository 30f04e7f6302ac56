"""Name the history by Django's own words: a revision of an object, its action, and when it was created."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Replace

WAYS = ("add", "change", "delete", "view")
# As in 0010_feed, with the table's new name.
ANNOUNCE = """
ALTER SEQUENCE shuangta_{before}_id_seq RENAME TO shuangta_{after}_id_seq;
ALTER TRIGGER shuangta_{before}_announces_writer ON shuangta_{table} RENAME TO shuangta_{after}_announces_writer;
CREATE OR REPLACE FUNCTION shuangta_announce_writer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('shuangta.writer', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM pg_advisory_xact_lock_shared(
            (23101::bigint << 48) | (SELECT last_value - (NOT is_called)::int FROM shuangta_{after}_id_seq)
        );
        PERFORM set_config('shuangta.writer', pg_current_xact_id()::text, true);
    END IF;
    RETURN NULL;
END $$;
"""


def rename(apps, schema_editor, before, after):
    """Rename what Django does not rename with the model: its permissions, and on PostgreSQL what announces a writer."""
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    permissions.filter(
        content_type__app_label="shuangta", codename__in=[f"{way}_{before}" for way in WAYS]
    ).update(codename=Replace("codename", Value(f"_{before}"), Value(f"_{after}")))
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ANNOUNCE.format(before=before, after=after, table="revision"))


def forwards(apps, schema_editor):
    rename(apps, schema_editor, "change", "revision")


def backwards(apps, schema_editor):
    rename(apps, schema_editor, "revision", "change")


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("shuangta", "0011_kinds_and_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Renaming a field leaves the indexes and constraints of the migrations' state with its old name.
        migrations.RemoveConstraint("change", "change_once_per_version"),
        migrations.RemoveIndex("change", "change_by_time"),
        migrations.RemoveIndex("change", "change_by_owner"),
        migrations.RenameModel("Change", "Revision"),
        migrations.RenameField("revision", "record_type", "content_type"),
        migrations.RenameField("revision", "record", "object_id"),
        migrations.RenameField("revision", "kind", "action"),
        migrations.RenameField("revision", "at", "created_at"),
        migrations.AlterField(
            model_name="revision",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to=settings.AUTH_USER_MODEL,
                verbose_name="actor",
            ),
        ),
        migrations.AlterModelOptions(
            name="revision",
            options={
                "ordering": ["-created_at", "-id"],
                "permissions": [("publish", "Can publish records")],
                "verbose_name": "change",
                "verbose_name_plural": "changes",
            },
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                fields=("content_type", "object_id", "version"), name="revision_once_per_version"
            ),
        ),
        migrations.AddIndex(
            "revision", models.Index(fields=["created_at", "id"], name="revision_by_time")
        ),
        migrations.AddIndex(
            "revision",
            models.Index(fields=["owner_type", "owner", "content_type"], name="revision_by_owner"),
        ),
        migrations.RunPython(forwards, backwards),
    ]
