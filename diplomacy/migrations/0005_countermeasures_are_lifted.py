from django.db import migrations, models


class Migration(migrations.Migration):
    """Countermeasures end by themselves on compliance; when they did is kept."""

    dependencies = [("diplomacy", "0004_rulings_once_a_respondent")]

    operations = [
        migrations.AddField(
            model_name="resolution",
            name="lifted_at",
            field=models.DateTimeField(blank=True, null=True),
        )
    ]
