"""The powers of the Long Peace: who has signed, since when, with what reservation, and how each stands with each.

Canon says who founded the Accords. Who signed the Second since 2368 is this campaign's own, and so is every number.
"""

from khitomer.rules.changes import (
    AddPower,
    ChangeStanding,
    EnterTreaty,
    MakeReservation,
    RecordUse,
)
from khitomer.rules.dates import StoryDate

FEDERATION = "united-federation-of-planets"
KLINGON = "klingon-empire"
ROMULAN = "romulan-star-empire"
CARDASSIAN = "cardassian-union"
DOMINION = "dominion"
BAJOR = "republic-of-bajor"
FERENGI = "ferengi-alliance"
BREEN = "breen-confederacy"
THOLIAN = "tholian-assembly"
GORN = "gorn-hegemony"
TALARIAN = "talarian-republic"
TZENKETHI = "tzenkethi-coalition"

ACCORDS = "second-khitomer-accords"
SUBSPACE, PRISONERS, EVACUATION = f"{ACCORDS}/1", f"{ACCORDS}/3", f"{ACCORDS}/4"

POWERS = (
    AddPower(
        slug=BAJOR,
        name="Republic of Bajor",
        short="BAJ",
        adjective="Bajoran",
        colour="#e88fb0",
        emblem="bajoran",
        summary=(
            "A small republic with a long memory of being occupied, and the readiest of all to cite the Accords: it "
            "has no fleet to cite instead.\n\n"
            "Bajor signed in the spring of 2376, eleven weeks before Cardassia did, and made sure that the two "
            "signatures stand on the same page."
        ),
    ),
    AddPower(
        slug=FERENGI,
        name="Ferengi Alliance",
        short="FER",
        adjective="Ferengi",
        colour="#f0c85a",
        emblem="ferengi",
        summary=(
            "Signed early, once its lawyers had counted what a protected convoy saves in insurance.\n\n"
            "The Alliance answers for its ships. Whether it answers for its brokers is a question that nobody has "
            "yet managed to file in due form."
        ),
    ),
    AddPower(
        slug=BREEN,
        name="Breen Confederacy",
        short="BRE",
        adjective="Breen",
        colour="#8fd3d8",
        emblem="breen",
        summary=(
            "The last of the war's losers to sign, and the only one to sign with a reservation: the Confederacy does "
            "not let others tell it whom it has captured.\n\n"
            "Its delegates speak through their suits, and answer the question before last."
        ),
    ),
    AddPower(
        slug=THOLIAN,
        name="Tholian Assembly",
        short="THO",
        adjective="Tholian",
        colour="#ff9f5c",
        emblem="tholian",
        summary=(
            "Signed in 2371 and reserved the ban on subspace weapons in the same hour, without saying why.\n\n"
            "It attends every sitting, in a sealed chamber kept hot enough to soften lead, and has voted with the "
            "majority exactly once."
        ),
    ),
    AddPower(
        slug=GORN,
        name="Gorn Hegemony",
        short="GOR",
        adjective="Gorn",
        colour="#9bbf5b",
        emblem="gorn",
        summary=(
            "Slow to sign, slow to vote, and never known to break its word once it was given.\n\n"
            "The Hegemony abstains from whatever does not concern it, and is proud of how little does."
        ),
    ),
    AddPower(
        slug=TALARIAN,
        name="Talarian Republic",
        short="TAL",
        adjective="Talarian",
        colour="#d6b48c",
        emblem="talarian",
        summary=(
            "In, out and in again: the Republic left when the Dominion War began, so as not to be asked about it, "
            "and came back when it was over.\n\n"
            "Its captains still prefer border diplomacy, and are very good at it."
        ),
    ),
    AddPower(
        slug=TZENKETHI,
        name="Tzenkethi Coalition",
        short="TZE",
        adjective="Tzenkethi",
        colour="#c58bd6",
        emblem="tzenkethi",
        summary=(
            "Withdrew in June 2378 with a note of two lines. It sends an observer to every sitting all the same, and "
            "the observer takes a great many notes."
        ),
    ),
)


def _enters(power: str, on: str, left: str = "", note: str = "") -> EnterTreaty:
    until = StoryDate.parse(left) if left else None
    return EnterTreaty(treaty=ACCORDS, power=power, on=StoryDate.parse(on), left=until, note=note)


ADHERENCE = (
    _enters(TALARIAN, "2369", "2373", "Left as the Dominion War began"),
    _enters(FERENGI, "2370"),
    _enters(THOLIAN, "2371-09-02", note="With a reservation to the ban on subspace weapons"),
    _enters(GORN, "2374"),
    _enters(ROMULAN, "2376-02-17"),
    _enters(BAJOR, "2376-05-19"),
    _enters(CARDASSIAN, "2376-08-04", note="A term of the peace"),
    _enters(TZENKETHI, "2376-11-30", "2378-06-19", "Withdrew without giving a reason"),
    _enters(TALARIAN, "2377-04-11"),
    _enters(BREEN, "2377-09-30", note="With a reservation on prisoners"),
)

RESERVATIONS = (
    MakeReservation(provision=SUBSPACE, power=THOLIAN, on=StoryDate.parse("2371-09-02")),
    MakeReservation(provision=PRISONERS, power=BREEN, on=StoryDate.parse("2377-09-30")),
)

_COLUMNS = (
    FEDERATION,
    KLINGON,
    ROMULAN,
    CARDASSIAN,
    DOMINION,
    BAJOR,
    FERENGI,
    BREEN,
    THOLIAN,
    GORN,
    TALARIAN,
)
_ROWS: dict[str, tuple[int, ...]] = {
    KLINGON: (4,),
    ROMULAN: (1, -3),
    CARDASSIAN: (1, -2, 0),
    DOMINION: (-3, -4, -3, -2),
    BAJOR: (4, 2, 0, -2, -3),
    FERENGI: (2, 1, 1, 1, -1, 2),
    BREEN: (-3, -3, -1, 1, 2, -2, 1),
    THOLIAN: (-1, -2, 0, 0, 0, 0, -2, -1),
    GORN: (1, -1, 0, 0, -1, 0, 1, 0, 1),
    TALARIAN: (1, 0, -1, 1, -1, 1, 2, 0, 0, 0),
    TZENKETHI: (-2, -1, -1, -2, 0, -1, 1, 1, 1, -1, -1),
}

STANDINGS = tuple(
    ChangeStanding(power=power, other=other, by=value)
    for power, values in _ROWS.items()
    for other, value in zip(_COLUMNS, values, strict=False)
    if value
)
"""Each row gives one power's standing with those of `_COLUMNS` that come before it."""


def use_of_tricobalt(power: str, on: str, note: str) -> RecordUse:
    """One recorded use of what the ban on subspace weapons exempts."""
    return RecordUse(provision=SUBSPACE, power=power, on=StoryDate.parse(on), note=note)
