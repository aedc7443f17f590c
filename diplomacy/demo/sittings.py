"""What the two conferences of the Long Peace have before them, and how their seats vote."""

from fractions import Fraction

from diplomacy.actions.motions import ClauseText
from diplomacy.demo.powers import (
    BAJOR,
    BREEN,
    CARDASSIAN,
    FEDERATION,
    FERENGI,
    GORN,
    KLINGON,
    ROMULAN,
    TALARIAN,
    THOLIAN,
)
from diplomacy.rules.charters import Knobs

Ballots = tuple[tuple[str, str], ...]

FIRST_NAME = "The Halvet Sitting"
SECOND_NAME, SECOND_RULE = "The March Sitting", Knobs(threshold=Fraction(2, 3), at_least=True)
PLACE = "Camp Khitomer"


def _preamble(phrase: str, text: str) -> ClauseText:
    return ClauseText(kind="preambular", phrase=phrase, text=text)


def _standing(power: str, other: str, by: int) -> dict[str, object]:
    return {"kind": "standing", "power": power, "other": other, "by": by}


def _obligation(power: str, text: str, due_on: str) -> dict[str, object]:
    return {"kind": "obligation", "power": power, "text": text, "due_on": due_on}


HALVET_TITLE = "The convoy from Halvet"
HALVET = (
    _preamble(
        "Recalling",
        "that by the fourth provision of the Second Khitomer Accords civilians are to be let out of a war zone, and "
        "not harassed on the way",
    ),
    _preamble("Having heard", "the Cardassian Union and the Klingon Empire on complaint No. 1"),
    _preamble(
        "Mindful of",
        "those who did not come home from Tarsal Hold, for whom this conference may grieve and may not judge",
    ),
    ClauseText(
        phrase="Finds",
        text="that the Klingon Empire breached the evacuation protocol on 23 October 2378, when its cruiser Qelvok "
        "stopped the convoy from Halvet and took forty-one persons off the transport Ilvara’s Lamp",
        effects=(_standing(KLINGON, CARDASSIAN, -1),),
    ),
    ClauseText(
        phrase="Directs",
        text="the Klingon Empire to bring the forty-one home, each by name, by 20 March 2379",
        effects=(
            _obligation(
                KLINGON,
                "Bring home the forty-one persons taken off the Ilvara’s Lamp, each by name",
                "2379-03-20",
            ),
        ),
    ),
    ClauseText(
        phrase="Requests",
        text="the Republic of Bajor, whom nobody suspects of an interest, to keep a register of the relief of "
        "Halvet and to open it to every signatory by 31 January 2379",
        effects=(
            _obligation(BAJOR, "Open the register of the relief of Halvet to every signatory", "2379-01-31"),
            {"kind": "clock", "clock": "relief", "by": 1},
            _standing(BAJOR, CARDASSIAN, 1),
        ),
    ),
    ClauseText(
        phrase="Commends",
        text="the Klingon Empire for standing to hear this read",
        effects=(
            {
                "kind": "event",
                "title": "The signatories find against one of the founders",
                "text": "For the first time since the Second Accords were signed, a conference finds a founder in "
                "breach. The founder stays in the room.",
            },
        ),
    ),
    ClauseText(phrase="Remains seized", text="of the matter"),
)
HALVET_BALLOTS: Ballots = (
    (FEDERATION, "yes"),
    (ROMULAN, "yes"),
    (BAJOR, "yes"),
    (FERENGI, "yes"),
    (TALARIAN, "yes"),
    (THOLIAN, "no"),
    (GORN, "abstain"),
    (BREEN, "abstain"),
)

MARRAK_TITLE = "The lane through the Marrak Deep"
MARRAK = (
    _preamble(
        "Recalling",
        "that the way out of a war zone is to be open to civilians, and that it is to be safe to take",
    ),
    _preamble("Having heard", "the Republic of Bajor and the Breen Confederacy on complaint No. 4"),
    _preamble(
        "Noting", "that the Confederacy fights raiders in the Deep, and that nobody has asked it to stop"
    ),
    _preamble("Deeply concerned", "for three barges at the buoys, and for what their air will last"),
    ClauseText(
        phrase="Finds",
        text="that the Breen Confederacy breached the evacuation protocol by closing the lane through the Marrak "
        "Deep on 11 January 2379",
        effects=(_standing(BREEN, BAJOR, -1),),
    ),
    ClauseText(
        phrase="Directs",
        text="the Breen Confederacy to open the lane to the barges of Marrak by 28 March 2379",
        effects=(
            _obligation(
                BREEN, "Open the lane through the Marrak Deep to the barges of the settlers", "2379-03-28"
            ),
        ),
    ),
    ClauseText(
        phrase="Invites",
        text="the Gorn Hegemony, the Talarian Republic and the Tholian Assembly to send one watcher each to the "
        "buoys, and thanks them in advance",
        effects=(
            {"kind": "clock", "clock": "waiting-at-the-buoys", "by": -2},
            _standing(GORN, BAJOR, 1),
            {
                "kind": "event",
                "title": "Watchers are sent to the Marrak Deep",
                "text": "Three powers that agree on nothing else agree to look at the same buoy.",
            },
        ),
    ),
    ClauseText(phrase="Remains seized", text="of the matter until the last barge is through"),
)
MARRAK_BALLOTS: Ballots = ((KLINGON, "yes"), (ROMULAN, "no"), (TALARIAN, "yes"), (GORN, "abstain"))
"""The Federation, Cardassia, the Ferengi and the Tholians have yet to vote; Bajor and the Breen are the parties."""

REGISTER_TITLE = "A register of exempt munitions"
REGISTER = (
    _preamble("Noting", "that four uses in ninety days were four surprises"),
    ClauseText(
        phrase="Decides",
        text="that every use of a munition exempt under the first provision is announced to all signatories before "
        "the day on which it is made",
    ),
    ClauseText(
        phrase="Requests",
        text="the Ferengi Alliance to keep the register, since it will keep one in any case",
        effects=(
            _obligation(FERENGI, "Open a register of exempt munitions to every signatory", "2379-04-15"),
            _standing(FERENGI, ROMULAN, 1),
        ),
    ),
)

SPEAKERS = {FEDERATION: "federation", KLINGON: "klingon", ROMULAN: "romulan", CARDASSIAN: "cardassian"}
"""The account that speaks for a power; the GM speaks for the others."""
