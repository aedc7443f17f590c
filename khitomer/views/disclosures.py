"""Showing a thing and taking it back, in one click from where it is read.

What a page shows beside a thing is `reveal_of`, which the tag `{% reveal thing %}` draws; its buttons post here.
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRefresh

from khitomer.access import Request, Viewer, gm_required
from khitomer.actions import disclosures as actions
from khitomer.actions.disclosures import Thing, Told, told_of
from khitomer.errors import Refused
from khitomer.forms.audience import players_of
from khitomer.htmx import local, redirect_to
from khitomer.models import THINGS, Entry, Membership, Power, Secret
from khitomer.views.linking import linked

EVERYONE = "everyone"


@dataclass(frozen=True)
class Whom:
    """Somebody whom a thing is shown to or taken from: everyone, a power or a person.

    `token` names them in a post. `more` says that the button does more than the thing alone: it opens the page of a
    secret too, or takes back the secrets of a page.
    """

    token: str
    told: Told
    name: str
    power: Power | None = None
    more: bool = False

    @property
    def short(self) -> str:
        return self.power.short if self.power and self.token.startswith("power") else self.name


@dataclass(frozen=True)
class Reveal:
    """Who knows of one thing, and whom it may be shown to, for the GM's eyes. `brief` leaves the choosing to a page."""

    thing: Thing
    sort: str
    key: str | int
    url: str
    back: str
    known: tuple[Whom, ...]
    seated: tuple[Whom, ...] = ()
    others: tuple[Whom, ...] = ()
    persons: tuple[Whom, ...] = ()
    all: Whom | None = None
    none: Whom | None = None
    brief: bool = False
    refused: Refused | None = None

    @property
    def id(self) -> str:
        return f"reveal-{self.sort}-{self.key}"

    @property
    def name(self) -> str:
        """What the thing goes by, for those who hear the buttons read out one by one."""
        return "the secret" if self.sort == "secret" else words_of(self.thing)


@dataclass
class Knowers:
    """The powers and players of a campaign, asked for once a request, and who has been told of what."""

    powers: list[Power]
    players: list[Membership]
    told: dict[tuple[str, int], Told] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Request) -> "Knowers":
        found: Knowers | None = getattr(request, "knowers", None)
        if found is None:
            campaign = request.viewer.campaign
            found = cls(list(campaign.powers.seated_first()), list(players_of(campaign)))
            request.knowers = found  # type: ignore[attr-defined]
        return found

    def of_thing(self, thing: Thing) -> Told:
        key = (sort_of(thing), thing.pk)
        if key not in self.told:
            self.told[key] = told_of(thing)
        return self.told[key]


@gm_required
def disclose(request: Request, sort: str, key: str) -> HttpResponse:
    """Who knows of a thing; a post shows it to somebody, or takes it back."""
    thing = get_thing(request.viewer, sort, key)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            said = done(request, thing)
        except Refused as refusal:
            if not request.htmx:
                raise
            refused = refusal
        if refused is None:
            messages.success(request, said)
            if not (request.htmx and alone(request, thing)):
                return onward(request, thing)
        thing = get_thing(request.viewer, sort, key)
    part = reveal_of(request, thing, refused=refused)
    context = {"reveal": part, "here": "knowledge", "title": words_of(thing)}
    if not request.htmx:
        template = "khitomer/disclose.html"
        [context["told"]] = linked(request.viewer, [thing.text_html if isinstance(thing, Secret) else ""])
    elif request.method == "POST":
        template = "parts/reveal-anew.html"
    else:
        template = "parts/reveal.html"
    response = render(request, template, context, status=409 if refused else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


def onward(request: Request, thing: Thing) -> HttpResponse:
    """Back to where the button was pressed, with all of that page read afresh."""
    if request.htmx:
        return HttpResponseClientRefresh()
    return redirect_to(request, f"{back_of(request, thing).partition('#')[0]}#{id_of(thing)}")


def done(request: Request, thing: Thing) -> str:
    """Do what the button that was pressed says; gives what is then said. `Refused` where there is no such button."""
    given: dict[str, Any] = {"thing": thing, "by": request.viewer.user, "now": timezone.now()}
    for verb, token in request.POST.items():
        if verb in ("show", "show-more"):
            to, name = whom(request, token)
            new = actions.reveal(to=to, with_entry=verb == "show-more", **given)
            return f"Shown to {name}." if new else f"{name} had been shown it already."
        if verb in ("take", "take-more"):
            to, name = whom(request, token)
            new = actions.take_back(whom=to, with_secrets=verb == "take-more", **given)
            if not new:
                return f"{name} had not been shown it."
            secrets = ", and the secrets on it" if verb == "take-more" else ""
            return f"Taken back from {name}{secrets}.{left(request, thing, to, name)}"
    raise Refused("A thing is shown to somebody, or taken back", allowed="Use its buttons")


def left(request: Request, thing: Thing, taken: Told, name: str) -> str:
    """After a secret was taken from somebody: that its page they see all the same, where they do."""
    if not isinstance(thing, Secret):
        return ""
    entry = request.viewer.campaign.entries.with_audience().get(pk=thing.entry_id)
    return "" if taken.beyond(told_of(entry)) else f" {name[:1].upper()}{name[1:]} still sees the page."


def alone(request: Request, thing: Thing) -> bool:
    """Whether the page has nothing else to say differently now. Beside a secret its own page says whose it is."""
    if "show-more" in request.POST or "take-more" in request.POST:
        return False
    return not (isinstance(thing, Secret) and back_of(request, thing) == actions.path_of(thing))


def whom(request: Request, token: str) -> tuple[Told, str]:
    """Whom a button names, and their name. `Refused` for whoever is not of this campaign, or not any more."""
    sort, _, key = str(token).partition(":")
    campaign = request.viewer.campaign
    if token == EVERYONE:
        return Told(everyone=True), "everyone"
    if sort == "power":
        power = campaign.powers.filter(slug=key).first()
        if power:
            return Told(powers=frozenset([power])), power.name
    if sort == "person" and key.isascii() and key.isdigit() and len(key) < 12:
        person = players_of(campaign).filter(pk=int(key)).first()
        if person:
            return Told(persons=frozenset([person])), str(person.user)
    raise Refused("Nobody of that name sits at this table", allowed="Look at the page again")


# What a page shows beside a thing


def reveal_of(
    request: Request, thing: Thing, *, brief: bool = False, refused: Refused | None = None
) -> Reveal:
    """Who knows of a thing, and the buttons that show it and take it back. For the GM alone."""
    known = told_of(thing)
    given = {
        "thing": thing,
        "sort": sort_of(thing),
        "key": key_of(thing),
        "url": reverse("disclose", args=[request.viewer.campaign.slug, sort_of(thing), key_of(thing)]),
        "back": back_of(request, thing),
        "refused": refused,
        "brief": brief,
    }
    told = sorted(known.powers, key=lambda power: power.name)
    named = sorted((each for each in known.persons if each.is_told), key=lambda each: str(each.user))
    chips = [_everyone()] if known.everyone else [*map(_power, told), *map(_person, named)]
    takes = _takes(thing, Told() if brief else known)
    given["known"] = tuple(_more(each, takes(each.told)) for each in chips)
    given["none"] = _more(_everyone(), takes(Told(everyone=True))) if len(chips) > 1 else None
    if known.everyone or brief:
        return Reveal(**given)
    knowers = Knowers.of(request)
    opens = _opens(thing, knowers)
    untold = [power for power in knowers.powers if power not in known.powers]
    unnamed = [person for person in knowers.players if not known.reaches(person)]

    def offered(each: Whom) -> Whom:
        return _more(each, opens(each.told))

    return Reveal(
        **given,
        all=offered(_everyone()),
        seated=tuple(offered(_power(power)) for power in untold if power.seated),  # type: ignore[attr-defined]
        others=tuple(offered(_power(power)) for power in untold if not power.seated),  # type: ignore[attr-defined]
        persons=tuple(offered(_person(person)) for person in unnamed),
    )


def _everyone() -> Whom:
    return Whom(EVERYONE, Told(everyone=True), "Everyone")


def _power(power: Power) -> Whom:
    return Whom(f"power:{power.slug}", Told(powers=frozenset([power])), power.name, power)


def _person(person: Membership) -> Whom:
    return Whom(f"person:{person.pk}", Told(persons=frozenset([person])), str(person.user), person.power)


def _more(whom: Whom, more: bool) -> Whom:
    return Whom(whom.token, whom.told, whom.name, whom.power, more)


def _opens(thing: Thing, knowers: Knowers) -> Any:
    """Whether showing a thing to somebody opens the page it is kept on, too."""
    if not isinstance(thing, Secret):
        return lambda told: False
    page = knowers.of_thing(thing.entry)
    return lambda told: bool(told.beyond(page))


def _takes(thing: Thing, known: Told) -> Any:
    """Whether taking a page from somebody takes secrets with it."""
    if not isinstance(thing, Entry) or not (known.everyone or known.powers or known.persons):
        return lambda told: False
    secrets = [told_of(each) for each in thing.secrets.filter(deleted_at=None).with_audience()]

    def takes(told: Told) -> bool:
        left = known.but_not(told)
        return any({*each.beyond(left)} - {*each.beyond(known)} for each in secrets)

    return takes


# Things, by their sort and key


def get_thing(viewer: Viewer, sort: str, key: str) -> Thing:
    """The thing at an address, or the one 404. A secret goes by its number, all else by its slug."""
    if sort not in THINGS:
        raise Http404
    if sort == "secret":
        number = int(key) if key.isascii() and key.isdigit() and len(key) < 12 else 0
        entry: Entry = get_object_or_404(viewer.campaign.entries.visible_to(viewer), secrets=number)
        secret: Secret = get_object_or_404(entry.secrets.visible_to(viewer).with_audience(), pk=number)
        return secret
    rows = {"entry": "entries", "event": "events", "clock": "clocks", "handout": "handouts"}[sort]
    found: Thing = get_object_or_404(
        getattr(viewer.campaign, rows).visible_to(viewer).with_audience(), slug=key
    )
    return found


def sort_of(thing: Thing) -> str:
    return str(thing._meta.model_name)


def key_of(thing: Thing) -> str | int:
    return thing.pk if isinstance(thing, Secret) else thing.slug


def id_of(thing: Thing) -> str:
    return f"reveal-{sort_of(thing)}-{key_of(thing)}"


def words_of(thing: Thing) -> str:
    """What a thing goes by on a page of the GM's."""
    match thing:
        case Secret():
            return f"A secret of {thing.entry}"
        case Entry():
            return thing.name
    return str(getattr(thing, "title", "") or getattr(thing, "name", ""))


def back_of(request: Request, thing: Thing) -> str:
    """Where a button leads back to: the page it was pressed on, or else the thing's own."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    if asked:
        return local(asked) or actions.path_of(thing)
    shown = (
        request.method == "GET" and request.resolver_match and request.resolver_match.url_name != "disclose"
    )
    return request.get_full_path() if shown else actions.path_of(thing)
