"""What is fastened to an entry beside its text: other names, tags, its place inside another, its kind's answers.

Only `archive` calls these, under the campaign's lock and inside its transaction.
"""

from collections.abc import Iterable, Mapping

from django.utils.text import slugify

from khitomer.errors import Refused
from khitomer.models import Alias, Campaign, Entry, Kind, Tag
from khitomer.rules.kinds import answer, read_fields
from khitomer.rules.names import LONGEST, each_once, fold, tidy

MOST_ALIASES = 20
MOST_TAGS = 20
LONGEST_TAG = 40


def set_aliases(entry: Entry, names: Iterable[str]) -> None:
    """Let an entry have just these other names; its own name is none of them."""
    wanted = each_once(list(names), but=entry.name)
    if any(len(name) > LONGEST for name in wanted):
        raise Refused(
            "One of the other names is too long", field="aliases", allowed=f"{LONGEST} characters each"
        )
    if len(wanted) > MOST_ALIASES:
        raise Refused(f"These are {len(wanted)} names", field="aliases", allowed=f"At most {MOST_ALIASES}")
    if wanted != list(entry.aliases.values_list("name", flat=True)):
        entry.aliases.all().delete()
        Alias.objects.bulk_create(Alias(entry=entry, name=name) for name in wanted)


def keep_old_name(entry: Entry, old: str) -> None:
    """An entry that was renamed goes on being found by the name that it had."""
    names = list(entry.aliases.values_list("name", flat=True))
    if fold(old) != fold(entry.name):
        # The newest go first where there would be too many: what a page was called last, texts call it still.
        names = [old, *names][:MOST_ALIASES]
    set_aliases(entry, names)


def set_tags(entry: Entry, names: Iterable[str]) -> None:
    """Let an entry bear just these tags. One that nothing bears any more is gone."""
    wanted: dict[str, str] = {}
    for name in each_once(list(names)):
        wanted.setdefault(tag_slug(name, field="tags"), name)
    if len(wanted) > MOST_TAGS:
        raise Refused(f"These are {len(wanted)} tags", field="tags", allowed=f"At most {MOST_TAGS}")
    known = {tag.slug: tag for tag in entry.campaign.tags.filter(slug__in=wanted)}
    entry.tags.set(
        [
            known.get(slug) or Tag.objects.create(campaign=entry.campaign, slug=slug, name=name)
            for slug, name in wanted.items()
        ]
    )
    forget_tags(entry.campaign)


def tag_slug(name: str, *, field: str) -> str:
    """What a tag of this name goes by. `Refused` for a name that cannot be one."""
    slug = slugify(name, allow_unicode=True)[:LONGEST_TAG].strip("-_")
    if not slug:
        raise Refused(
            f"“{name[:LONGEST_TAG]}” is no tag", field=field, allowed="A tag has a letter or a digit"
        )
    if len(name) > LONGEST_TAG:
        raise Refused("One of the tags is too long", field=field, allowed=f"{LONGEST_TAG} characters each")
    return slug


def tag_named(campaign: Campaign, name: str) -> Tag:
    """The campaign's tag of this name, made where there is none."""
    name = tidy(name)
    return campaign.tags.get_or_create(slug=tag_slug(name, field="tag"), defaults={"name": name})[0]


def forget_tags(campaign: Campaign) -> None:
    """A tag is there while an entry bears it, be it one in the bin."""
    campaign.tags.filter(entries=None).delete()


def check_parent(entry: Entry | None, parent: Entry | None, campaign: Campaign) -> None:
    """Refuse what an entry cannot be inside: itself, or one that is inside it, however far down."""
    above, seen = parent, set[int | None]()
    if parent is not None and parent.campaign_id != campaign.pk:
        raise Refused("That entry is of another campaign", field="parent")
    while above is not None and above.pk not in seen:
        if entry is not None and above.pk == entry.pk:
            raise Refused(
                "It would be inside itself" if above == parent else f"“{parent}” is inside “{entry.name}”",
                field="parent",
                allowed="Choose another entry, or none",
            )
        seen.add(above.pk)
        above = Entry.objects.only("pk", "name", "parent").filter(parts=above).first()


def answers(
    kind: Kind, values: Mapping[str, str], *, before: Mapping[str, str], campaign: Campaign
) -> dict[str, str]:
    """What an entry of this kind answers, by the keys of the kind's fields; other keys are left out.

    `Refused` on the field for what will not do. The name of an entry has to be one of the archive, unless it stood
    there `before`.
    """
    given: dict[str, str] = {}
    for field in read_fields(kind.fields):
        try:
            text = answer(field, str(values.get(field.key) or ""))
        except ValueError as error:
            raise Refused(str(error), field=field.name) from error
        if text:
            given[field.key] = text
        if text and field.sort == "entry" and text != before.get(field.key) and not _there(campaign, text):
            raise Refused(
                f"The archive has no “{text}”",
                field=field.name,
                allowed="Write the name of an entry, or one of its others",
            )
    return given


def _there(campaign: Campaign, name: str) -> bool:
    """Whether any entry answers to a name, whatever its capitals."""
    rows = campaign.entries.filter(deleted_at=None).values_list("name", "aliases__name")
    return any(fold(name) in (fold(own), fold(alias or "")) for own, alias in rows)


def split_names(text: str) -> list[str]:
    """Names typed one a line, or on a single line with commas between them. Where there are lines a comma is part of
    a name."""
    parts = text.split("\n") if "\n" in text else text.split(",")
    return [tidy(name) for name in parts if tidy(name)]
