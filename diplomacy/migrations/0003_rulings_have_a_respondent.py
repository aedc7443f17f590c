from django.db import migrations
from django.db.models import OuterRef, Subquery


def name_the_respondent(apps, schema_editor):
    """Until now a complaint had one respondent, and each of its rulings was about that one."""
    Ruling = apps.get_model("diplomacy", "Ruling")
    Citation = apps.get_model("diplomacy", "Citation")
    of = Citation.objects.filter(pk=OuterRef("citation")).values("complaint__respondent")[:1]
    Ruling.objects.update(respondent=Subquery(of))


class Migration(migrations.Migration):
    dependencies = [("diplomacy", "0002_the_whole_procedure")]

    operations = [migrations.RunPython(name_the_respondent, migrations.RunPython.noop)]
