import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from the step that fills the column: a table with changed rows is not altered in one transaction."""

    dependencies = [("diplomacy", "0003_rulings_have_a_respondent")]

    operations = [
        migrations.AlterField(
            model_name="ruling",
            name="respondent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="khitomer.power"
            ),
        ),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.UniqueConstraint(
                fields=("citation", "respondent"), name="ruling_once_a_respondent"
            ),
        ),
    ]
