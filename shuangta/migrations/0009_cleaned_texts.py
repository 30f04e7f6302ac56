from django.db import migrations


class Migration(migrations.Migration):
    """Marks the moment from which typed texts are cleaned: ``derived.after_migrate`` then cleans what stands."""

    dependencies = [("shuangta", "0008_actors_stay")]
