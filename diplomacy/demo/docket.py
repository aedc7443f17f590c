"""The complaints of the Long Peace, as their delegations wrote them."""

from dataclasses import dataclass

from diplomacy.demo import pictures
from diplomacy.demo.powers import (
    BAJOR,
    BREEN,
    CARDASSIAN,
    EVACUATION,
    FEDERATION,
    FERENGI,
    KLINGON,
    PRISONERS,
    ROMULAN,
    SUBSPACE,
    THOLIAN,
)


@dataclass(frozen=True)
class Shown:
    """An exhibit: its title, its file's name, and how it is drawn."""

    title: str
    name: str
    draw: pictures.Draw


@dataclass(frozen=True)
class Charge:
    """What a delegation wrote. `by` is the account that speaks for the complainant."""

    by: str
    complainant: str
    respondent: str
    provisions: tuple[str, ...]
    act_on: str
    title: str
    statement: str
    place: str = ""
    asks_for: str = ""
    exhibits: tuple[Shown, ...] = ()


HALVET = Charge(
    by="cardassian",
    complainant=CARDASSIAN,
    respondent=KLINGON,
    provisions=(EVACUATION,),
    act_on="2378-10-23",
    title="The stopping of the Halvet convoy",
    place="The edge of the Halvet system",
    asks_for="The return of forty-one persons taken off the Ilvara’s Lamp, and passage for those who follow.",
    statement=(
        "On 23 October eleven transports left Halvet with eighteen hundred people, of whom the Union claims some, "
        "the Empire claims some, and most had never been asked. They flew the white pennant. Their course had been "
        "given to both fleets two days before.\n\n"
        "At 0914 the cruiser *Qelvok* fired three times across the path of the lead ship. She then boarded the "
        "ninth, the second and the fourth, in that order, and took **forty-one persons** off the ninth, the "
        "*Ilvara’s Lamp*. Eight of them are children.\n\n"
        "The Union does not ask this conference what Captain Mavek was looking for. It asks whether the road out of "
        "a war may be searched at gunpoint. The fourth provision says that it may not.\n\n"
        "- *Exhibit A* shows the course that was announced, and the course that was flown.\n"
        "- *Exhibit B* is the passenger list, with the forty-one marked."
    ),
    exhibits=(
        Shown("Track of the convoy, announced and flown", "track.png", pictures.convoy),
        Shown("Passenger list of the Ilvara’s Lamp", "list.pdf", pictures.passenger_list),
    ),
)

SALVAGE = Charge(
    by="gm",
    complainant=FERENGI,
    respondent=THOLIAN,
    provisions=(EVACUATION,),
    act_on="2378-12-02",
    title="Lifeboats in the Sennen Drift",
    place="Sennen Drift",
    asks_for="Eleven lifeboats, or their fair price.",
    statement=(
        "On 2 December a Tholian patrol spun its web about the salvage fleet of a licensed operator. The crews took "
        "to their lifeboats, as the law of every space invites them to. The lifeboats were then webbed as well, and "
        "released after thirty hours, empty of everything that could be unscrewed.\n\n"
        "The Alliance holds that a man in a lifeboat is a civilian, whatever he was an hour before."
    ),
)

TARSAL = Charge(
    by="klingon",
    complainant=KLINGON,
    respondent=CARDASSIAN,
    provisions=(PRISONERS,),
    act_on="2374",
    title="The dead of Tarsal Hold",
    place="Tarsal Hold",
    asks_for="The last month of the rolls, and the names of those who kept them.",
    statement=(
        "In 2374 the Union held two hundred and twelve warriors of the Empire at Tarsal Hold. One hundred and "
        "ninety came home, or were sent home to be burned. The rolls that Cardassia handed over end a month before "
        "the camp did.\n\n"
        "The Empire knows what will be said: that Cardassia had not signed. The Empire had. It kept prisoners in "
        "that war, and fed them.\n\n"
        "Let the chair rule as the law makes it rule. We file this so that it is written somewhere that we asked."
    ),
)

MARRAK = Charge(
    by="gm",
    complainant=BAJOR,
    respondent=BREEN,
    provisions=(EVACUATION, PRISONERS),
    act_on="2379-01-11",
    title="The closing of the Marrak Deep",
    place="Marrak Deep",
    asks_for="An open lane, with watchers of three neutral powers at the buoys, until the last barge is through.",
    statement=(
        "Eleven hundred settlers of Marrak asked to leave when the raiders came. There is one lane through the ice, "
        "and since 11 January four Breen warships lie across it. Nine barges were turned back. Three could not "
        "turn, for want of fuel, and have waited at the buoys ever since.\n\n"
        "The Confederacy says that it is fighting raiders, and we believe it. That is what makes the Deep a war "
        "zone. It says that nobody was harmed at the lane, and we believe that, too: the barges did as they were "
        "told. To be let out is not the same as not to be shot.\n\n"
        "Twenty-six settlers were taken aboard the flagship “for their own safety” and have not been heard from. "
        "For them we cite the third provision, and we ask the Confederacy what its reservation is *for*.\n\n"
        "*Exhibit A*, from the third barge’s own screen, shows where the four ships lie."
    ),
    exhibits=(Shown("The lane on 11 January, from the third barge", "lane.png", pictures.blockade),),
)

TESSALY = Charge(
    by="romulan",
    complainant=ROMULAN,
    respondent=FEDERATION,
    provisions=(SUBSPACE,),
    act_on="2379-02-08",
    title="The Ardent’s device",
    place="Tessaly Reach",
    asks_for="A finding, an end to tri-cobalt within a light-year of the border, and a register that all may read.",
    statement=(
        "The Federation will say that a tri-cobalt device is low in yield, and that the Accords leave it free. So "
        "they do, *as long as its use is not widespread*.\n\n"
        "The register of the conference has four uses in the ninety days that end with 8 February:\n\n"
        "| day | by | where |\n"
        "|---|---|---|\n"
        "| 27 November | the Federation | a derelict, Tessaly Reach |\n"
        "| 30 December | the Ferengi Alliance | an escort, Sennen Drift |\n"
        "| 19 January | ourselves | a minefield, Tessaly Reach |\n"
        "| 8 February | the Federation | a reactor, Tessaly Reach |\n\n"
        "We list our own among them. The third was lawful, and ours; the fourth was neither."
    ),
)

CALDERS_REST = Charge(
    by="federation",
    complainant=FEDERATION,
    respondent=KLINGON,
    provisions=(EVACUATION,),
    act_on="2372",
    title="The loss of the Calder’s Rest",
    place="Beyond the Klingon border",
    asks_for="The truth of it, from the Empire’s own records; and a name for the day.",
    statement=(
        "The *Calder’s Rest* was a hospital ship. In 2372 she took three hundred evacuees aboard on the Klingon side "
        "of the border and was never seen again, until last month.\n\n"
        "Her log was found with her. It has everything in it but the date: the hail, the answer, the name of the "
        "ship that did not accept the answer, and eleven minutes of a captain talking very calmly.\n\n"
        "In 2372 the Empire left the Accords. The record knows the year and not the day, of the leaving and of the "
        "loss alike, and nobody here can say which came first. We ask the chair to rule in that doubt, and we ask "
        "our friends in the Empire, who can end it, whether they would rather be cleared than excused.\n\n"
        "*Exhibit A* is a page of the log, as it was found."
    ),
    exhibits=(Shown("Log of the Calder’s Rest, one page", "log.pdf", pictures.log_page),),
)

BROKERS = Charge(
    by="cardassian",
    complainant=CARDASSIAN,
    respondent=FERENGI,
    provisions=(SUBSPACE,),
    act_on="2379-01",
    title="Crates marked as ore",
    place="In transit",
    asks_for="The manifests of one broker, from October to January.",
    statement=(
        "Crates that were marked as ore samples crossed our border in October with a surveyor’s papers, and were "
        "not ore. A broker named Nisk had the freight of them. We believe that they held casings of a kind that "
        "only one power makes, and that one of them was spent on 30 December in the Sennen Drift.\n\n"
        "The Alliance licenses its brokers. Let it answer for them."
    ),
)

OWN_BLAST = Charge(
    by="federation",
    complainant=FEDERATION,
    respondent=ROMULAN,
    provisions=(SUBSPACE,),
    act_on="2379-01-19",
    title="The minefield of 19 January",
    place="Tessaly Reach",
    statement=(
        "If the exemption had lapsed for the *Ardent*, had it not lapsed for the Star Empire three weeks before? On "
        "19 January a Romulan tender cleared a minefield of its own laying with\n\n"
        "*(Ines: check the count before this goes anywhere. How many were on the register that day? T.)*"
    ),
)
"""The Federation's draft: nobody else may know of it."""

RETURNED_BECAUSE = (
    "The statement charges a broker, and the Accords bind powers. Say what the Alliance itself did or failed to do, "
    "and on which day; then file it again under the same number."
)
BOTH_BOUND = "Both were bound, and nobody disputes where the ships were. The rest is for the hearing."
NOT_BOUND_THEN = (
    "Cardassia signed on 4 August 2376. What was done at Tarsal Hold in 2374 was done outside the Accords, and no "
    "ruling of this chair can bring it in. The complaint stays on the docket, so that the question stays asked."
)
MARRAK_GOES_ON = (
    "On prisoners the Confederacy has its reservation, and the chair cannot look behind it. On the evacuation "
    "protocol both are bound."
)
FOUR_IS_WIDESPREAD = "Four recorded uses in ninety days, whoever’s they were. The exemption had lapsed."
