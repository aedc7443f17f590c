"""What is read when a motion is drafted: its head, and with its clauses the draft as a whole."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import prefetch_related_objects

from diplomacy.actions.motions import ClauseText
from diplomacy.forms.clauses import ClauseRow, clause_rows, clauses_of, effects_of, read_clauses, take
from diplomacy.forms.effects import Offers
from diplomacy.forms.phrases import (
    KIND_OF,
    OPERATIVE,
    OWN_WORDS,
    PREAMBULAR,
    DraftClause,
    blank_clauses,
    follow_finding,
    opening_clauses,
    opening_title,
)
from diplomacy.models import FINDINGS, MODES, Complaint, Conference, Motion, Resolution, Seat
from diplomacy.rules import effects as rules
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import ComplaintStage, Finding, MotionKind
from khitomer.access import Viewer
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.rules.changes import LOWEST

CHAIR = "chair"


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
    repeals = forms.ChoiceField(
        label="Repeals",
        required=False,
        initial="",
        help_text="Once enacted, what that resolution changed is taken back.",
    )
    mode = forms.ChoiceField(label="Vote", choices=MODES, initial=Mode.ROLL_CALL.value, widget=forms.Select)

    def __init__(
        self,
        *args: Any,
        complaints: Iterable[Complaint],
        sponsors: list[tuple[str, str]],
        resolutions: Iterable[Resolution] = (),
        **kwargs: Any,
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
        named = [(str(each.number), f"Resolution {each.number}: {each.title}") for each in resolutions]
        fields["repeals"].choices = [("", "No resolution"), *named]
        if not named:
            fields["repeals"].widget = forms.HiddenInput()
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
        countermeasures: Complaint | None = None,
    ) -> None:
        self.viewer, self.conference, self.motion = viewer, conference, motion
        # What countermeasures answer is settled before they are drafted, and they find nothing.
        drafted = motion.complaint if motion and motion.kind == MotionKind.COUNTERMEASURES else None
        self.answers = countermeasures or drafted
        if motion is not None:
            prefetch_related_objects([motion], "clauses__effects")
        self.offers = Offers.to(viewer)
        self.seats = {str(seat.pk): seat for seat in seats if not seat.observer}
        self.resolutions = {str(each.number): each for each in _repealable(viewer)}
        self.complaints = {str(each.number): each for each in _complaints(conference, motion)}
        self.step = data.get("do", "") if data is not None else ""
        self.saving = data is not None and not self.step
        if data is not None:
            head = {name: data.get(name, "") for name in HeadForm.base_fields}
            self.clauses = read_clauses(data)
            if motion is not None:
                head["complaint"] = _number(motion.complaint)
            follow_finding(self.clauses, self.complaints.get(head["complaint"]), head["finding"])
            take(self.clauses, self.step)
        elif motion is not None:
            head, self.clauses = _head_of(motion), clauses_of(motion)
        else:
            head, self.clauses = self._opening(about)
        if self.answers is not None:
            head["complaint"] = head["finding"] = ""
        self._phrases(motion)
        self.head = self._head(head, bound=self.saving)
        self.rows = self._rows(bound=self.saving or self.step == "check")

    # What it begins with

    def _opening(self, about: str) -> tuple[dict[str, str], list[DraftClause]]:
        complaint = self.complaints.get(about)
        sponsor = next((key for key, _ in self._sponsors()), "")
        if self.answers is not None:
            title = f"Countermeasures on complaint No. {self.answers.number}"
            return {"title": title, "sponsor": sponsor, "mode": self.conference.charter.mode}, blank_clauses()
        if complaint is None:
            return {"sponsor": sponsor, "mode": self.conference.charter.mode}, blank_clauses()
        head = {
            "title": opening_title(complaint),
            "complaint": about,
            "finding": Finding.BREACH.value,
            "sponsor": sponsor,
            "mode": self.conference.charter.mode,
        }
        clauses = opening_clauses(complaint, Finding.BREACH.value)
        if self._stand_at_war(complaint):
            for clause in clauses:
                clause.effects = []
        return head, clauses

    def _stand_at_war(self, complaint: Complaint) -> bool:
        """Whether the parties cannot stand any worse, so that no such effect is offered."""
        parties = (complaint.complainant_id, complaint.respondent_id)
        standings = self.viewer.campaign.standings
        return standings.filter(first__in=parties, second__in=parties, value__lte=LOWEST).exists()

    def _sponsors(self) -> list[tuple[str, str]]:
        if self.motion is not None:
            sponsor = self.motion.sponsor
            return [(str(sponsor.pk), sponsor.power.name) if sponsor else (CHAIR, "The chair")]
        chair = [(CHAIR, "The chair")] if self.viewer.is_gm and self.answers is None else []
        return chair + [(key, seat.power.name) for key, seat in self.seats.items()]

    @property
    def may_move(self) -> bool:
        """Whether anyone is there to move it: an observer's delegate is not."""
        return bool(self._sponsors())

    def _phrases(self, motion: Motion | None) -> None:
        """The phrases offered, and the kind that each makes; a motion keeps phrases of its own."""
        self.kinds = {**KIND_OF, **OWN_WORDS}
        own: dict[str, list[str]] = {"preambular": list(PREAMBULAR), "operative": list(OPERATIVE)}
        for clause in motion.clauses.all() if motion else ():
            if clause.phrase not in self.kinds:
                self.kinds[clause.phrase] = clause.kind
                own[clause.kind].append(clause.phrase)
        self.phrases = [
            ("Preambular: what is recalled and noted", [(each, each) for each in own["preambular"]]),
            ("Operative: what is decided", [(each, each) for each in own["operative"]]),
        ]

    # The forms

    def _head(self, values: Mapping[str, str], *, bound: bool) -> HeadForm:
        given: dict[str, Any] = {"data": values} if bound else {"initial": values}
        head = HeadForm(
            complaints=self.complaints.values(),
            sponsors=self._sponsors(),
            resolutions=self.resolutions.values(),
            **given,
        )
        fields: Any = head.fields
        if self.motion is not None:
            fields["complaint"].widget = fields["sponsor"].widget = forms.HiddenInput()
        if self.answers is not None:
            fields["complaint"].widget = fields["finding"].widget = forms.HiddenInput()
        return head

    def _rows(self, *, bound: bool) -> list[ClauseRow]:
        return clause_rows(
            self.clauses, bound=bound, phrases=self.phrases, kinds=self.kinds, offers=self.offers
        )

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
                kind=row.form.phrase_and_kind(self.kinds)[1],
                phrase=row.form.phrase_and_kind(self.kinds)[0],
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
            return {
                "title": given["title"],
                "finding": given["finding"],
                "mode": given["mode"],
                "repeals": self.resolutions.get(given["repeals"]),
            }
        return {
            "repeals": self.resolutions.get(given["repeals"]),
            "title": given["title"],
            "finding": given["finding"],
            "mode": given["mode"],
            "complaint": self.complaints.get(given["complaint"]),
            "sponsor": self.seats.get(given["sponsor"]),
        }

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside what it is about."""
        refuse(self.head, refused)

    @property
    def repealed(self) -> Resolution | None:
        """The resolution that the draft repeals, as the form stands."""
        return self.resolutions.get(self.head["repeals"].value() or "")

    def clause_effects(self) -> list[rules.ClauseEffects]:
        """The effects that can be read so far, for the preview."""
        return [
            rules.ClauseEffects(position=position, effects=tuple(effects_of(clause.effects, self.offers)))
            for position, clause in enumerate(self.clauses, start=1)
        ]


def _head_of(motion: Motion) -> dict[str, str]:
    return {
        "title": motion.title,
        "complaint": _number(motion.complaint),
        "finding": motion.finding,
        "sponsor": str(motion.sponsor_id) if motion.sponsor_id else CHAIR,
        "mode": motion.mode,
        "repeals": str(motion.repeals.number) if motion.repeals else "",
    }


def _repealable(viewer: Viewer) -> Iterable[Resolution]:
    """The resolutions in force, which a motion may repeal."""
    return viewer.campaign.resolutions.filter(enacted_at__isnull=False, undone_at=None, repealed_by=None)


def _complaints(conference: Conference, motion: Motion | None) -> list[Complaint]:
    """The complaints on the agenda about which a motion may be drafted, or the one that this motion is about."""
    rows = (
        Complaint.objects.filter(hearing__conference=conference).with_parties().order_by("hearing__position")
    )
    if motion is not None:
        rows = rows.filter(pk=motion.complaint_id)
    else:
        rows = rows.at(ComplaintStage.SCHEDULED, ComplaintStage.HEARD, ComplaintStage.NO_DECISION)
    return list(rows.prefetch_related("citations__provision__treaty", "citations__rulings"))


def _number(complaint: Complaint | None) -> str:
    return str(complaint.number) if complaint else ""


def _short(complaint: Complaint) -> str:
    return complaint.against_short
