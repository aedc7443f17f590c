"""What is read when a motion is drafted: its head, its clauses, and the typed effects that clauses carry.

The number of clauses is what the drafter makes it, with or without JavaScript: what was typed is read into plain
clauses, one button's step is done to them (add, remove, move, add an effect), and the forms are made anew from that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import prefetch_related_objects

from diplomacy.actions.motions import MOST_CLAUSES, MOST_EFFECTS, ClauseText
from diplomacy.forms.phrases import (
    KIND_OF,
    OPERATIVE,
    PREAMBULAR,
    DraftClause,
    blank_clauses,
    follow_finding,
    opening_clauses,
    opening_title,
)
from diplomacy.models import FINDINGS, Complaint, Conference, Motion, Seat, VotingMode
from diplomacy.rules import effects as rules
from diplomacy.rules.procedure import ComplaintStage, Finding
from khitomer.access import Viewer
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.fields import StoryDateField

CHAIR = "chair"

EFFECT_KINDS = (
    ("", "No effect"),
    ("standing", "A standing changes"),
    ("enter", "A power is admitted to a treaty"),
    ("leave", "A power leaves a treaty"),
    ("event", "An event is set down in the timeline"),
    ("clock", "A clock moves"),
    ("fate", "What becomes of an archive entry"),
    ("obligation", "Someone must do something by a date"),
)
_NEEDS = {
    "standing": ("power", "other", "by"),
    "enter": ("power", "treaty"),
    "leave": ("power", "treaty", "manner"),
    "event": ("title",),
    "clock": ("clock", "by"),
    "fate": ("entry", "fate"),
    "obligation": ("power", "owed", "due_on"),
}
_MANNERS = (("withdrawn", "It withdraws"), ("suspended", "It is suspended"), ("released", "It is released"))

# The fields in the order in which they are shown, with the kinds that have them.
_SHOWN = (
    ("power", "standing enter leave obligation"),
    ("other", "standing"),
    ("treaty", "enter leave"),
    ("manner", "leave"),
    ("clock", "clock"),
    ("by", "standing clock"),
    ("entry", "fate"),
    ("fate", "fate"),
    ("title", "event"),
    ("text", "event"),
    ("owed", "obligation"),
    ("due_on", "obligation"),
)


@dataclass(frozen=True)
class Offers:
    """What this drafter may choose from, as (slug, name): nothing that is kept from them."""

    powers: list[tuple[str, str]]
    treaties: list[tuple[str, str]]
    clocks: list[tuple[str, str]]
    entries: list[tuple[str, str]]

    @classmethod
    def to(cls, viewer: Viewer) -> "Offers":
        campaign = viewer.campaign
        return cls(
            powers=list(campaign.powers.values_list("slug", "name")),
            treaties=list(campaign.treaties.values_list("slug", "name")),
            clocks=list(campaign.clocks.visible_to(viewer).values_list("slug", "name")),
            entries=list(campaign.entries.visible_to(viewer).values_list("slug", "name")),
        )

    def names(self) -> rules.Names:
        """The same as names for sentences."""
        return rules.Names(
            powers=dict(self.powers),
            treaties=dict(self.treaties),
            clocks=dict(self.clocks),
            entries=dict(self.entries),
        )


class EffectForm(forms.Form):
    """One typed effect. `payload` is what `diplomacy.rules.effects` reads, or None for no effect."""

    kind = forms.ChoiceField(
        label="Effect",
        choices=EFFECT_KINDS,
        required=False,
        widget=forms.Select(attrs={"data-kind-select": ""}),
    )
    power = forms.ChoiceField(label="Power", required=False)
    other = forms.ChoiceField(label="Towards", required=False)
    treaty = forms.ChoiceField(label="Treaty", required=False)
    manner = forms.ChoiceField(label="How it leaves", choices=_MANNERS, required=False)
    clock = forms.ChoiceField(label="Clock", required=False)
    by = forms.IntegerField(
        label="By how much", required=False, min_value=-12, max_value=12, help_text="Such as 2 or -1."
    )
    entry = forms.ChoiceField(label="Archive entry", required=False)
    fate = forms.CharField(label="Its fate", max_length=40, required=False, help_text="Such as “in exile”.")
    title = forms.CharField(label="Title of the event", max_length=120, required=False)
    text = forms.CharField(
        label="What happened", max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    owed = forms.CharField(label="What is owed", max_length=300, required=False)
    due_on = StoryDateField(label="Due on", required=False)

    def __init__(self, *args: Any, offers: Offers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose = [("", "Choose")]
        fields: Any = self.fields
        fields["power"].choices = fields["other"].choices = choose + offers.powers
        fields["treaty"].choices = choose + offers.treaties
        fields["clock"].choices = choose + offers.clocks
        fields["entry"].choices = choose + offers.entries
        self.payload: dict[str, Any] | None = None

    def shown(self) -> list[tuple[forms.BoundField, str]]:
        """Every field but the kind, with the kinds that need it."""
        return [(self[name], kinds) for name, kinds in _SHOWN]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        kind = given.get("kind", "")
        if not kind or self.errors:
            return given
        for name in _NEEDS[kind]:
            if given.get(name) in ("", None):
                self.add_error(name, f"{self.fields[name].label}: this effect needs it.")
        if not self.errors:
            self._parse(kind, given)
        return given

    def _parse(self, kind: str, given: Mapping[str, Any]) -> None:
        payload: dict[str, Any] = {"kind": kind}
        for name in _NEEDS[kind]:
            payload["text" if name == "owed" else name] = given[name]
        if kind == "event" and given["text"]:
            payload["text"] = given["text"]
        if kind == "obligation":
            payload["due_on"] = str(given["due_on"])
        try:
            rules.parse(payload)
        except ValueError as error:
            self.add_error(None, str(error))
        else:
            self.payload = payload


class ClauseForm(forms.Form):
    phrase = forms.ChoiceField(label="Phrase")
    text = forms.CharField(
        label="Text", max_length=800, widget=forms.Textarea(attrs={"rows": 2}), required=False
    )

    def __init__(self, *args: Any, phrases: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["phrase"].choices = phrases


@dataclass
class ClauseRow:
    """A clause on the page: its form and those of its effects."""

    index: int
    form: ClauseForm
    effects: list[EffectForm]
    operative: bool
    first: bool
    last: bool

    @property
    def number(self) -> int:
        return self.index + 1

    @property
    def carries(self) -> bool:
        """Whether its effects should stand open: it has one, or what was typed in one will not do."""
        return any(form["kind"].value() or form.errors for form in self.effects)


class HeadForm(forms.Form):
    """What stands above the clauses. `sponsor` is a seat, or None for the chair's own motion."""

    title = forms.CharField(max_length=120)
    complaint = forms.ChoiceField(required=False, label="About")
    finding = forms.ChoiceField(
        choices=[(value, label) for value, label in FINDINGS],
        required=False,
        widget=forms.RadioSelect,
        help_text="What adopting the motion says of the complaint. The parties have no vote on a finding.",
    )
    sponsor = forms.ChoiceField(label="Moved by")
    mode = forms.ChoiceField(
        label="Vote", choices=VotingMode.choices, initial=VotingMode.ROLL_CALL.value, widget=forms.Select
    )

    def __init__(
        self, *args: Any, complaints: Iterable[Complaint], sponsors: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["complaint"].choices = [("", "No complaint: a motion of its own")] + [
            (
                str(each.number),
                f"No. {each.number} · {each.complainant.short} v. {_short(each)}: {each.title}",
            )
            for each in complaints
        ]
        fields["sponsor"].choices = sponsors
        if len(sponsors) == 1:
            fields["sponsor"].widget = forms.HiddenInput()
            fields["sponsor"].initial = sponsors[0][0]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("finding") and "complaint" in given and not given["complaint"]:
            self.add_error("finding", "A finding is about a complaint: choose the complaint, or no finding.")
        return given


class Drafting:
    """A motion being drafted: made from a post, from a motion as it stands, or from a complaint.

    `step` is what the pressed button asks for; empty, the draft is to be saved.
    """

    def __init__(
        self,
        *,
        viewer: Viewer,
        conference: Conference,
        seats: Iterable[Seat],
        data: Any = None,
        motion: Motion | None = None,
        about: str = "",
    ) -> None:
        self.viewer, self.conference, self.motion = viewer, conference, motion
        if motion is not None:
            prefetch_related_objects([motion], "clauses__effects")
        self.offers = Offers.to(viewer)
        self.seats = {str(seat.pk): seat for seat in seats if not seat.observer}
        self.complaints = {str(each.number): each for each in _complaints(conference, motion)}
        self.step = data.get("do", "") if data is not None else ""
        self.saving = data is not None and not self.step
        if data is not None:
            head = {name: data.get(name, "") for name in HeadForm.base_fields}
            self.clauses = read_clauses(data)
            if motion is not None:
                head["complaint"] = _number(motion.complaint)
            follow_finding(self.clauses, self.complaints.get(head["complaint"]), head["finding"])
            self._take(self.step)
        elif motion is not None:
            head, self.clauses = _head_of(motion), _clauses_of(motion)
        else:
            head, self.clauses = self._opening(about)
        self._phrases(motion)
        self.head = self._head(head, bound=self.saving)
        self.rows = self._rows(bound=self.saving or self.step == "check")

    # What it begins with

    def _opening(self, about: str) -> tuple[dict[str, str], list[DraftClause]]:
        complaint = self.complaints.get(about)
        sponsor = next((key for key, _ in self._sponsors()), "")
        if complaint is None:
            return {"sponsor": sponsor, "mode": VotingMode.ROLL_CALL.value}, blank_clauses()
        head = {
            "title": opening_title(complaint),
            "complaint": about,
            "finding": Finding.BREACH.value,
            "sponsor": sponsor,
            "mode": VotingMode.ROLL_CALL.value,
        }
        return head, opening_clauses(complaint, Finding.BREACH.value)

    def _sponsors(self) -> list[tuple[str, str]]:
        if self.motion is not None:
            sponsor = self.motion.sponsor
            return [(str(sponsor.pk), sponsor.power.name) if sponsor else (CHAIR, "The chair")]
        chair = [(CHAIR, "The chair")] if self.viewer.is_gm else []
        return chair + [(key, seat.power.name) for key, seat in self.seats.items()]

    @property
    def may_move(self) -> bool:
        """Whether anyone is there to move it: an observer's delegate is not."""
        return bool(self._sponsors())

    def _phrases(self, motion: Motion | None) -> None:
        """The phrases offered, and the kind that each makes; a motion keeps phrases of its own."""
        self.kinds = dict(KIND_OF)
        own: dict[str, list[str]] = {"preambular": list(PREAMBULAR), "operative": list(OPERATIVE)}
        for clause in motion.clauses.all() if motion else ():
            if clause.phrase not in self.kinds:
                self.kinds[clause.phrase] = clause.kind
                own[clause.kind].append(clause.phrase)
        self.phrases = [
            ("Preambular: what is recalled and noted", [(each, each) for each in own["preambular"]]),
            ("Operative: what is decided", [(each, each) for each in own["operative"]]),
        ]

    # A button's step

    def _take(self, step: str) -> None:
        """Do what the pressed button says to the clauses. What it does not understand is left alone."""
        verb, _, rest = step.partition(":")
        places = [int(each) for each in rest.split(":") if each.isascii() and each.isdigit()]
        index = places[0] if places else -1
        if verb == "add" and len(self.clauses) < MOST_CLAUSES:
            self.clauses.append(DraftClause(phrase="Decides"))
        if not 0 <= index < len(self.clauses):
            return
        clauses, clause = self.clauses, self.clauses[index]
        if verb == "remove":
            clauses.pop(index)
        elif verb == "up" and index > 0:
            clauses[index - 1], clauses[index] = clauses[index], clauses[index - 1]
        elif verb == "down" and index + 1 < len(clauses):
            clauses[index + 1], clauses[index] = clauses[index], clauses[index + 1]
        elif verb == "effect" and len(clause.effects) < MOST_EFFECTS:
            clause.effects.append({})
        elif verb == "drop" and len(places) == 2 and places[1] < len(clause.effects):
            clause.effects.pop(places[1])

    # The forms

    def _head(self, values: Mapping[str, str], *, bound: bool) -> HeadForm:
        given: dict[str, Any] = {"data": values} if bound else {"initial": values}
        head = HeadForm(complaints=self.complaints.values(), sponsors=self._sponsors(), **given)
        if self.motion is not None:
            fields: Any = head.fields
            fields["complaint"].widget = fields["sponsor"].widget = forms.HiddenInput()
        return head

    def _rows(self, *, bound: bool) -> list[ClauseRow]:
        return [
            ClauseRow(
                index=index,
                form=ClauseForm(
                    **_values({"phrase": clause.phrase, "text": clause.text}, f"clause-{index}", bound),
                    phrases=self.phrases,
                ),
                effects=[
                    EffectForm(**_values(effect, f"clause-{index}-effect-{place}", bound), offers=self.offers)
                    for place, effect in enumerate(_with_spare(clause, self.kinds))
                ],
                operative=self.kinds.get(clause.phrase) == "operative",
                first=index == 0,
                last=index == len(self.clauses) - 1,
            )
            for index, clause in enumerate(self.clauses)
        ]

    def is_valid(self) -> bool:
        """Whether all of it can be read. Clauses left empty, without text or effect, are passed over."""
        sound = [self.head.is_valid()]
        for row in self.rows:
            sound += [row.form.is_valid(), *(form.is_valid() for form in row.effects)]
            if row.form.is_valid():
                sound.append(self._check_clause(row))
        return all(sound)

    def _check_clause(self, row: ClauseRow) -> bool:
        effects = [form for form in row.effects if form.payload]
        text = row.form.cleaned_data["text"]
        if effects and self.kinds[row.form.cleaned_data["phrase"]] != "operative":
            row.form.add_error(
                "phrase", "Only an operative clause carries effects: choose an operative phrase."
            )
        elif effects and not text:
            row.form.add_error(
                "text", "Say in words what the effect does, so that it can be read and printed."
            )
        return not row.form.errors

    def texts(self) -> list[ClauseText]:
        """The clauses for the action, after `is_valid`."""
        return [
            ClauseText(
                kind=self.kinds[row.form.cleaned_data["phrase"]],
                phrase=row.form.cleaned_data["phrase"],
                text=row.form.cleaned_data["text"],
                effects=tuple(form.payload for form in row.effects if form.payload),
            )
            for row in self.rows
            if row.form.cleaned_data["text"]
        ]

    def fields(self) -> dict[str, Any]:
        """What the actions want besides the clauses, after `is_valid`."""
        given = self.head.cleaned_data
        if self.motion is not None:
            return {"title": given["title"], "finding": given["finding"], "mode": given["mode"]}
        return {
            "title": given["title"],
            "finding": given["finding"],
            "mode": given["mode"],
            "complaint": self.complaints.get(given["complaint"]),
            "sponsor": self.seats.get(given["sponsor"]),
        }

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside what it is about."""
        refuse(self.head, refused)

    def clause_effects(self) -> list[rules.ClauseEffects]:
        """The effects that can be read so far, for the preview."""
        return [
            rules.ClauseEffects(position=position, effects=tuple(_parsed(clause.effects, self.offers)))
            for position, clause in enumerate(self.clauses, start=1)
        ]


# Reading --------------------------------------------------------------------------------------------------------------


def read_clauses(data: Mapping[str, str]) -> list[DraftClause]:
    """The clauses of a post as they were typed, whatever they are worth."""
    return [
        DraftClause(
            phrase=data.get(f"clause-{index}-phrase", ""),
            text=data.get(f"clause-{index}-text", "").replace("\r\n", "\n").strip(),
            effects=[
                _read_effect(data, f"clause-{index}-effect-{place}")
                for place in range(_counted(data.get(f"clause-{index}-effects"), MOST_EFFECTS))
            ],
        )
        for index in range(_counted(data.get("clauses"), MOST_CLAUSES))
    ]


def _read_effect(data: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name: data.get(f"{prefix}-{name}", "") for name in EffectForm.base_fields}


def _counted(text: str | None, most: int) -> int:
    return min(int(text), most) if text and text.isascii() and text.isdigit() and len(text) < 4 else 0


def _values(values: Mapping[str, str], prefix: str, bound: bool) -> dict[str, Any]:
    if not bound:
        return {"initial": values, "prefix": prefix}
    return {"data": {f"{prefix}-{name}": value for name, value in values.items()}, "prefix": prefix}


def _with_spare(clause: DraftClause, kinds: Mapping[str, str]) -> list[dict[str, str]]:
    """Its effects, and where it has none and may have one, an empty one to fill in."""
    if clause.effects or kinds.get(clause.phrase) != "operative":
        return clause.effects
    return [{}]


def _parsed(effects: Iterable[dict[str, str]], offers: Offers) -> Iterable[rules.Effect]:
    for values in effects:
        form = EffectForm(data=values, offers=offers)
        if form.is_valid() and form.payload:
            yield rules.parse(form.payload)


def _head_of(motion: Motion) -> dict[str, str]:
    return {
        "title": motion.title,
        "complaint": _number(motion.complaint),
        "finding": motion.finding,
        "sponsor": str(motion.sponsor_id) if motion.sponsor_id else CHAIR,
        "mode": motion.mode,
    }


def _clauses_of(motion: Motion) -> list[DraftClause]:
    return [
        DraftClause(
            phrase=clause.phrase,
            text=clause.text,
            effects=[_effect_values(effect.payload) for effect in clause.effects.all()],
        )
        for clause in motion.clauses.all()
    ]


def _effect_values(payload: Mapping[str, Any]) -> dict[str, str]:
    values = {name: str(value) for name, value in payload.items()}
    if payload.get("kind") == "obligation":
        values["owed"] = values.pop("text", "")
    return values


def _complaints(conference: Conference, motion: Motion | None) -> list[Complaint]:
    """The complaints on the agenda about which a motion may be drafted, or the one that this motion is about."""
    rows = (
        Complaint.objects.filter(hearing__conference=conference).with_parties().order_by("hearing__position")
    )
    if motion is not None:
        rows = rows.filter(pk=motion.complaint_id)
    else:
        rows = rows.at(ComplaintStage.SCHEDULED, ComplaintStage.HEARD, ComplaintStage.NO_DECISION)
    return list(rows.prefetch_related("citations__provision__treaty", "citations__ruling"))


def _number(complaint: Complaint | None) -> str:
    return str(complaint.number) if complaint else ""


def _short(complaint: Complaint) -> str:
    return complaint.respondent.short if complaint.respondent else "…"
