import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """An appeal may be from the chair's ruling on a point of order."""

    dependencies = [("diplomacy", "0006_countermeasures_are_lifted")]

    operations = [
        migrations.AddField(
            model_name="motion",
            name="point",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="appeals",
                to="diplomacy.speech",
            ),
        ),
        migrations.RemoveConstraint(model_name="motion", name="motion_subsidiary_has_parent"),
        migrations.AddConstraint(
            model_name="motion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["motion", "countermeasures", "suspend the sitting", "adjourn the sitting"]),
                    ("parent__isnull", False),
                    models.Q(("complaint__isnull", False), ("kind", "appeal")),
                    models.Q(("kind", "appeal"), ("point__isnull", False)),
                    _connector="OR",
                ),
                name="motion_subsidiary_has_parent",
            ),
        ),
    ]
