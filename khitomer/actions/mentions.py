"""Which names a text mentions in `[[brackets]]`, noted when it is written: what backlinks are found by."""

from khitomer.markup import names_in
from khitomer.models import Campaign, Entry, Event, Handout, Mention, Secret, Session
from khitomer.rules.kinds import Sort, read_fields
from khitomer.rules.names import fold

Source = Entry | Secret | Event | Handout | Session


def note(*, source: Source) -> None:
    """Note anew what a text mentions. Whoever writes a source calls this afterwards, in the same transaction.

    Of a session its recap is everyone's, and what its notes mention is the GM's to find. Of an entry what its fields
    name counts as well.
    """
    campaign, sort = _campaign_of(source), str(source._meta.model_name)
    Mention.objects.filter(**{sort: source}).delete()
    Mention.objects.bulk_create(
        Mention(campaign=campaign, name=name, gm_only=gm_only, **{sort: source})
        for gm_only, names in _named_by(source)
        for name in sorted(names)
    )


def _named_by(source: Source) -> list[tuple[bool, set[str]]]:
    """Names as they are compared, and whether they are the GM's alone to find."""
    if isinstance(source, Session):
        told = _folded(names_in(source.recap_html))
        return [(False, told), (True, _folded(names_in(source.gm_notes_html)) - told)]
    names = names_in(source.text_html)
    if isinstance(source, Entry):
        fields = [field for field in read_fields(source.kind.fields) if field.sort == Sort.ENTRY]
        names |= {source.values.get(field.key, "") for field in fields}
    return [(False, _folded(names))]


def _folded(names: set[str]) -> set[str]:
    return {fold(name)[:200] for name in names} - {""}


def _campaign_of(source: Source) -> Campaign:
    return source.entry.campaign if isinstance(source, Secret) else source.campaign
