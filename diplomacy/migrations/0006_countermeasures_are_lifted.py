from django.db import migrations, models


class Migration(migrations.Migration):
    """Countermeasures end by themselves on compliance; when they did is kept."""

    dependencies = [("diplomacy", "0005_objections_have_a_power")]

    operations = [
        migrations.AddField(
            model_name="resolution",
            name="lifted_at",
            field=models.DateTimeField(blank=True, null=True),
        )
    ]
