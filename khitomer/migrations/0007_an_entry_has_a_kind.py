from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("khitomer", "0006_kinds_and_what_is_known")]
    operations = [
        migrations.RemoveField(model_name="entry", name="kind"),
        migrations.RenameField(model_name="entry", old_name="shelf", new_name="kind"),
        migrations.AlterField(
            model_name="entry",
            name="kind",
            field=models.ForeignKey(
                on_delete=models.deletion.PROTECT, related_name="entries", to="khitomer.kind"
            ),
        ),
    ]
