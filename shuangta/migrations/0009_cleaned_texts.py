from django.db import migrations


class Migration(migrations.Migration):
    """Changes nothing; backups name it. ``derived.after_migrate`` cleans the typed texts that stand."""

    dependencies = [("shuangta", "0008_actors_stay")]
