"""Where the Long Peace uses more of the procedure: a parley with an offer open, and a committee in full debate."""

from dataclasses import dataclass, replace

from diplomacy.actions.amendments import Wording
from diplomacy.actions.motions import ClauseText
from diplomacy.demo.docket import Charge
from diplomacy.demo.powers import BAJOR, CARDASSIAN, FEDERATION, KLINGON, PRISONERS, ROMULAN
from diplomacy.rules.charters import PRESETS, Knobs
from diplomacy.rules.steps import Charter, Feature

WATCHED = Knobs(features=frozenset({Feature.COMPLIANCE}))
"""The quick charter, under which what was decided is watched: so the first evening was held."""

TREATY_RULE = replace(PRESETS[Charter.STANDARD], answer_days=12)
"""What the signatories gave themselves in March: the parties talk before the chair rules."""

REPORT = (
    "Thirty-nine are home, by name; the list is with the secretariat. Two have asked to stay on Ty’Gokor, and have "
    "said so to a Bajoran notary."
)
REGISTER_KEPT = "It has been open since 24 January, and eleven powers have read in it."

# The parley

GUARDS = Charge(
    by="cardassian",
    complainant=CARDASSIAN,
    respondent=FEDERATION,
    provisions=(PRISONERS,),
    act_on="2379-02-24",
    title="Six guards of the Halvet pits",
    place="Aboard the relief ship Meridian",
    asks_for="Their return, or a list of who they are and a visit to each.",
    statement=(
        "When the third pit of Halvet was relieved in February, its guards laid down their arms before the relief "
        "ship *Meridian*, since she was nearest. Six of them are still aboard.\n\n"
        "The Federation calls them guests. The Union has asked four times for their names, and has been sent four "
        "assurances of their health. Whoever may not leave is a prisoner, however good the soup."
    ),
)


@dataclass(frozen=True)
class Said:
    """What a party said in the parley."""

    power: str
    text: str


TALK = (
    Said(
        CARDASSIAN,
        "We file this because we must be seen to. Give us names and a visit, and it need not go further.",
    ),
    Said(
        FEDERATION,
        "Four of the six have asked for asylum, and are afraid of who reads the docket. We will not print their "
        "names; we may let somebody whom you trust speak to each of them.",
    ),
    Said(CARDASSIAN, "Somebody whom we trust. You do not make it easy. Would Bajor do it?"),
)
TERMS = (
    "A notary of the Republic of Bajor speaks to each of the six alone, aboard the *Meridian*, by 28 March. Whoever "
    "wishes to go home is taken to the Cardassian border within the week; whoever wishes to stay says so to the "
    "notary, and the Union asks no further. No name is published by either side."
)
TERMS_EFFECTS: tuple[dict[str, object], ...] = (
    {"kind": "standing", "power": CARDASSIAN, "other": FEDERATION, "by": 1},
    {"kind": "standing", "power": CARDASSIAN, "other": BAJOR, "by": 1},
)
LAPSES = "2379-03-24"

# The committee

COMMITTEE = "The Committee on Hospital Ships"
COMMITTEE_RULE = PRESETS[Charter.FULL]
SHIPS_TITLE = "The marking of hospital ships"
SHIPS = (
    ClauseText(
        kind="preambular",
        phrase="Mindful of",
        text="the Calder’s Rest, which was found with her marks burned off and her log unread",
    ),
    ClauseText(
        phrase="Decides",
        text="that a hospital ship announces her course to every signatory a day before she sails it",
    ),
    ClauseText(
        phrase="Directs",
        text="the Republic of Bajor to keep a list of hospital ships and their marks, and to open it by 30 April 2379",
        effects=(
            {
                "kind": "obligation",
                "power": BAJOR,
                "text": "Open a list of hospital ships and their marks",
                "due_on": "2379-04-30",
            },
        ),
    ),
    ClauseText(
        phrase="Authorises",
        text="any signatory that doubts a mark to board the ship with one officer and no weapon",
        effects=({"kind": "standing", "power": KLINGON, "other": FEDERATION, "by": 1},),
    ),
)
SPONSOR, SECONDER = FEDERATION, CARDASSIAN

ADVISED = Wording(
    kind="operative",
    phrase="Decides",
    text="that a hospital ship announces her course to the signatories whose space it crosses, an hour before",
)
"""The Romulan amendment to the first operative clause; the Klingons would strike the boarding."""

LIST = ((KLINGON, "against"), (CARDASSIAN, "for"), (ROMULAN, "against"))
"""Who waits for the floor, and to speak on which side."""
