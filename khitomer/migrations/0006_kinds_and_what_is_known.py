"""Every archive gets its kinds, every entry its kind's row, and what is open already is noted as known.

When and in which session it was shown nobody noted at the time, so those disclosures are marked as from the start.
"""

from django.db import migrations
from django.utils import timezone

KINDS = [
    ("person", "Person", "People"),
    ("vessel", "Vessel", "Vessels"),
    ("place", "Place", "Places"),
    ("organisation", "Organisation", "Organisations"),
    ("object", "Object", "Objects"),
    ("document", "Document", "Documents"),
    ("note", "Note", "Notes"),
]


def give_kinds(apps, schema_editor):
    campaigns, kinds, entries = (
        apps.get_model("khitomer", name).objects for name in ("Campaign", "Kind", "Entry")
    )
    for campaign in campaigns.all():
        rows = kinds.bulk_create(
            kinds.model(campaign=campaign, key=key, name=name, plural=plural, position=position)
            for position, (key, name, plural) in enumerate(KINDS, start=1)
        )
        for kind in rows:
            entries.filter(campaign=campaign, kind=kind.key).update(shelf=kind)


def note_what_is_known(apps, schema_editor):
    disclosures = apps.get_model("khitomer", "Disclosure").objects
    now = timezone.now()
    for name in ("Entry", "Secret", "Event", "Clock"):
        for row in apps.get_model("khitomer", name).objects.exclude(audience="gm").prefetch_related("powers"):
            campaign = row.entry.campaign if name == "Secret" else row.campaign
            told = [None] if row.audience == "all" else list(row.powers.all())
            disclosures.bulk_create(
                disclosures.model(
                    campaign=campaign,
                    power=power,
                    from_start=True,
                    at=now,
                    story_date=campaign.today,
                    **{name.lower(): row},
                )
                for power in told
            )


class Migration(migrations.Migration):
    dependencies = [("khitomer", "0005_the_campaign_whole")]
    operations = [
        migrations.RunPython(give_kinds, migrations.RunPython.noop),
        migrations.RunPython(note_what_is_known, migrations.RunPython.noop),
    ]
