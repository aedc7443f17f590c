"""The names that texts mention in [[brackets]] are noted for what was written before there were such notes."""

import re
from html import unescape

from django.db import migrations

# As `khitomer.markup` reads them; a migration keeps its own copy.
NAME = re.compile(r"\[\[([^\[\]\n]{1,200})\]\]")
CODE = re.compile(r"<(code|pre)\b.*?</\1>", re.DOTALL)

SOURCES = [
    ("entry", "Entry", "text_html", False),
    ("secret", "Secret", "text_html", False),
    ("event", "Event", "text_html", False),
    ("session", "Session", "recap_html", False),
    ("session", "Session", "gm_notes_html", True),
]


def names_in(html):
    found = {unescape(name).partition("|")[0] for name in NAME.findall(CODE.sub("", html))}
    return {" ".join(name.split()).casefold()[:200] for name in found} - {""}


def note(apps, schema_editor):
    mentions = apps.get_model("khitomer", "Mention").objects
    for column, model, html, gm_only in SOURCES:
        rows = apps.get_model("khitomer", model).objects.filter(**{f"{html}__contains": "[["})
        if model == "Secret":
            rows = rows.select_related("entry")
        for row in rows:
            mentions.bulk_create(
                mentions.model(
                    campaign_id=row.entry.campaign_id if model == "Secret" else row.campaign_id,
                    name=name,
                    gm_only=gm_only,
                    **{column: row},
                )
                for name in sorted(names_in(getattr(row, html)))
            )


class Migration(migrations.Migration):
    dependencies = [("khitomer", "0007_an_entry_has_a_kind")]
    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
