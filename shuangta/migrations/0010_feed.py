"""The feed: restorations, and on PostgreSQL what tells from which number on a writer under way writes."""

from django.db import migrations, models

# A transaction that writes changes locks, until it ends, the last number that was drawn before its own. A reader who
# sees the lock tells nothing that is numbered later: see ``shuangta.records.feed.OldestWriter``. The setting spares all but
# the first write of a transaction a lock of its own.
ANNOUNCE = """
CREATE FUNCTION shuangta_announce_writer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('shuangta.writer', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM pg_advisory_xact_lock_shared(
            (23101::bigint << 48) | (SELECT last_value - (NOT is_called)::int FROM shuangta_change_id_seq)
        );
        PERFORM set_config('shuangta.writer', pg_current_xact_id()::text, true);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER shuangta_change_announces_writer BEFORE INSERT ON shuangta_change
    FOR EACH STATEMENT EXECUTE FUNCTION shuangta_announce_writer();
"""
BE_SILENT = """
DROP TRIGGER shuangta_change_announces_writer ON shuangta_change;
DROP FUNCTION shuangta_announce_writer();
"""


def announce(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ANNOUNCE)


def be_silent(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BE_SILENT)


class Migration(migrations.Migration):
    dependencies = [("shuangta", "0009_cleaned_texts")]

    operations = [
        migrations.CreateModel(
            name="Restoration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={"verbose_name": "restoration", "verbose_name_plural": "restorations"},
        ),
        migrations.RunPython(announce, be_silent),
    ]
