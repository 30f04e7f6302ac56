from django.db import migrations


def forget_type(apps, schema_editor):
    """Delete the content type of the model, with the permissions that nobody uses any more."""
    types = apps.get_model("contenttypes", "ContentType").objects.using(
        schema_editor.connection.alias
    )
    types.filter(app_label="shuangta", model="evidencemark").delete()


class Migration(migrations.Migration):
    """The issues of the evidence stand in ``seeds`` now, and are derived again once all is migrated."""

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("shuangta", "0013_batches"),
    ]

    operations = [
        migrations.RunPython(forget_type, migrations.RunPython.noop, elidable=True),
        migrations.DeleteModel(name="EvidenceMark"),
    ]
