"""The archive of the Long Peace: people, ships, places and papers, and what the GM knows of them."""

from dataclasses import dataclass

from diplomacy.demo.powers import CARDASSIAN, FEDERATION, KLINGON, ROMULAN
from khitomer.models import EntryKind


@dataclass(frozen=True)
class Hidden:
    """A secret on an entry; told to the powers named, or to nobody but the GM.

    `instead` is what its powers read in place of the page's own text, and is not so.
    """

    text: str
    told: tuple[str, ...] = ()
    instead: bool = False


@dataclass(frozen=True)
class Page:
    """An archive entry: open to all, to the powers named in `told`, or with `gm_only` to the GM alone."""

    kind: str
    name: str
    text: str
    fate: str = ""
    told: tuple[str, ...] = ()
    gm_only: bool = False
    secrets: tuple[Hidden, ...] = ()
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    inside: str = ""
    values: tuple[tuple[str, str], ...] = ()


INCIDENT = ("Incident", "Incidents")
"""A kind of this GM's own, and what an entry of it is asked about."""

INCIDENT_ASKS = (
    ("When", "date"),
    ("Where", "entry"),
    ("Ship", "entry"),
    ("Lives lost", "number"),
    ("On the docket", "yes"),
)

PERSON, VESSEL, PLACE = EntryKind.PERSON, EntryKind.VESSEL, EntryKind.PLACE

PAGES = (
    # People
    Page(
        PERSON,
        "Captain Mavek",
        "Commander of the [[Qelvok]], daughter of Torghal. She stopped the Halvet convoy with three shots, none of "
        "which hit anything, and has answered every question about it with the same sentence: the dead were hers to "
        "ask after.\n\n"
        "Her brother Karrod was taken in 2374 and did not come home.",
        secrets=(
            Hidden(
                "Mavek did not stop the convoy for the Empire. She was looking for one man, the quartermaster of "
                "Tarsal Hold, and she found him. She does not know that he was worth more alive to the Heirs of ’93 "
                "than to her."
            ),
            Hidden(
                "The High Council has let it be known, by word of mouth alone, that forty of the forty-one may go "
                "home. The forty-first is Mavek’s, until the Council says otherwise.",
                (KLINGON,),
            ),
        ),
        aliases=("Mavek, daughter of Torghal", "Mavek"),
        tags=("Halvet convoy",),
    ),
    Page(
        PERSON,
        "Dalen Orr",
        "A Cardassian surveyor, aboard the [[Ilvara’s Lamp]] with one bag and no family. He is the last name on the "
        "list of the forty-one, and the only one whom nobody at home has asked after.",
        fate="Held aboard the Qelvok",
        secrets=(
            Hidden(
                "There is no Dalen Orr. He is Glinn Tovan Rhek, quartermaster of Tarsal Hold from 2373 to the end, "
                "and since then a carrier of things that must not be counted. He brought three of the six casings "
                "across the border in crates marked as ore samples, and he knows who paid."
            ),
            Hidden(
                "The surveyor’s papers were issued by an office that burned down before their date. Somebody in the "
                "Union made them, and made them well.",
                (CARDASSIAN,),
            ),
        ),
        tags=("Halvet convoy",),
    ),
    Page(
        PERSON,
        "Ambassador Ines Okafor",
        "Speaks for the Federation at Camp Khitomer. She taught treaty law for twenty years before anyone asked her "
        "to practise it, and still corrects other delegates’ citations, kindly, in the corridor.",
        secrets=(
            Hidden(
                "The Council has told her in private that it will not fight the Empire over the *Calder’s Rest*. It "
                "wants the complaint heard, lost on jurisdiction, and forgotten.",
                (FEDERATION,),
            ),
        ),
    ),
    Page(
        PERSON,
        "Senator Ameth Varo",
        "The Star Empire’s voice at the table. He likes to remind the others that a Romulan senator sat in this camp "
        "in 2293, and leaves it to them to remember what other Romulans were doing that day.",
    ),
    Page(
        PERSON,
        "Legate Enar Dusek",
        "The Union’s first delegate under the Accords. He signed for a state that had lost everything, and treats "
        "every article as something that was paid for.",
    ),
    Page(
        PERSON,
        "Vedek Lun Saraya",
        "Bajor’s envoy, and the only delegate who has been on an evacuation transport with the doors sealed from "
        "outside. She does not mention it. Everybody knows.",
    ),
    Page(
        PERSON,
        "Nisk, a broker",
        "Deals in salvage, freight and introductions, from a table in the camp’s only bar. His licence is in order. "
        "His licence is always in order.",
        secrets=(
            Hidden(
                "Nisk sold the six casings on, without once touching them. He withdrew the Alliance’s complaint "
                "against the Tholians through a cousin in the Board of Trade, because his manifest for December "
                "would have been read aloud as Exhibit A."
            ),
        ),
        aliases=("Nisk",),
        tags=("salvage",),
    ),
    # Ships
    Page(
        VESSEL,
        "Qelvok",
        "A Klingon cruiser of the border fleet. [[Captain Mavek]] has had her for eleven years, and has refused two "
        "larger ships.",
        tags=("Halvet convoy",),
    ),
    Page(
        VESSEL,
        "Ilvara’s Lamp",
        "The ninth of the eleven transports that left [[Halvet]] in October 2378: an ore carrier with bunks welded "
        "into the holds. Forty-one of her people were taken off. The other two hundred and six reached Cardassian "
        "space nine days late.",
        aliases=("The Lamp", "The ninth transport"),
        tags=("Halvet convoy", "evacuation"),
    ),
    Page(
        VESSEL,
        "Calder’s Rest",
        "A Federation hospital ship, lost with all hands and three hundred evacuees somewhere beyond the Klingon "
        "border in 2372. For seven years she was a name on a wall. In February 2379 salvagers found her in the "
        "Sennen Drift, opened from outside.\n\n"
        "Her log survives, less the block that holds its dates.",
        fate="Found wrecked, 2379",
        secrets=(
            Hidden(
                "The date-block was not damaged in the attack. It was cut out this winter, with a fine tool, by "
                "somebody who wanted the year left in and the day left out: enough to file on, never enough to "
                "decide. The wreck was towed into the Drift to be found."
            ),
            Hidden(
                "The archives of the fleet hold an intercepted order to the ship that did it. It was sent before "
                "the Empire’s withdrawal was proclaimed, by how long nobody can say. Whoever tables it ends the "
                "doubt, and tells the Klingons how long their orders have been read.",
                (ROMULAN,),
            ),
        ),
        aliases=("The wreck in the Drift",),
        tags=("evacuation", "salvage"),
        inside="Sennen Drift",
    ),
    Page(
        VESSEL,
        "Ardent",
        "A Starfleet escort. On 8 February 2379 she set off a tri-cobalt device in the [[Tessaly Reach]], to break up "
        "a drifting reactor that was about to cross a shipping lane. There was a reactor. Whether there was a lane is "
        "what the Romulans dispute.",
        secrets=(
            Hidden(
                "The distress call that sent the *Ardent* there was false, and its codes were good. They came from "
                "Archanis Nine. Her captain is honest, frightened, and has begun to ask who signed for the codes."
            ),
            Hidden(
                "A Starfleet escort, and by her transponder a spy. On 8 February 2379 she set off a tri-cobalt device "
                "in the [[Tessaly Reach]] to blind the listening post behind it. There was no reactor.",
                (ROMULAN,),
                instead=True,
            ),
        ),
        tags=("tri-cobalt",),
    ),
    # Places
    Page(
        PLACE,
        "Halvet",
        "A mining world on the border of the Empire and the Union, claimed by both, governed by neither. A rising of "
        "the pit militias in September 2378 turned it into a war zone, and eighteen hundred people wanted to leave.",
    ),
    Page(
        PLACE,
        "Tarsal Hold",
        "A Cardassian camp for prisoners of the Dominion War. It was emptied in the last week of the fighting. The "
        "rolls that were handed over in 2376 end a month before that.",
    ),
    Page(
        PLACE,
        "Marrak Deep",
        "A lane through the ice clouds on the edge of Breen space, and the only way out for the Bajoran settlers of "
        "Marrak. Raiders came in December. The Confederacy came in January, to deal with the raiders, and shut the "
        "lane behind it.",
        tags=("evacuation",),
    ),
    Page(
        PLACE,
        "Tessaly Reach",
        "Empty space along the Romulan border, full of the war’s litter. Everybody clears wrecks there. Nobody is "
        "supposed to clear them with tri-cobalt more often than the Accords can bear.",
        tags=("tri-cobalt",),
    ),
    Page(
        PLACE,
        "Sennen Drift",
        "Forty thousand kilometres of wreckage, turning slowly. The Tholians hold that it has been theirs since "
        "before there were Ferengi.",
        aliases=("The Drift",),
        tags=("salvage",),
    ),
    Page(
        PLACE,
        "Archanis Nine",
        "A Starfleet munitions depot in the Archanis Sector, forty minutes from the border that the First Accords "
        "moved nobody across.",
        secrets=(
            Hidden(
                "An audit in January found six tri-cobalt casings too few. The depot’s report calls it an error of "
                "counting. It is not.",
                (FEDERATION,),
            ),
            Hidden(
                "Commander Sallow signed the six out to a ship that was in dry dock that day. He believes that he "
                "serves the peace of 2293 by ending that of 2368."
            ),
        ),
        tags=("tri-cobalt",),
    ),
    # Papers and designs
    Page(
        EntryKind.ORGANISATION,
        "The Heirs of ’93",
        "In 2293 a handful of Klingons, Federation officers and Romulans agreed on one thing: that there must be no "
        "peace. They failed. Somebody has read how, and learnt from it.\n\n"
        "The Heirs do not murder chancellors. They make the law be used until it breaks: enough small tri-cobalt "
        "blasts for the exemption to lapse, a wreck with half a date, a convoy with one guilty man. Every complaint "
        "on the docket is true. That is what makes it work.\n\n"
        "- **Sallow**, at Archanis Nine, supplies.\n"
        "- **A secretary of Senator Varo’s** chooses the day. Varo does not know.\n"
        "- **An uncle of Mavek’s**, on the High Council, told her which transport.",
        gm_only=True,
    ),
    Page(
        EntryKind.DOCUMENT,
        "The list of the forty-one",
        "Those taken off the [[Ilvara’s Lamp]] on 23 October 2378, as the [[Qelvok]] wrote them down: thirty-two "
        "adults, eight children, and one surveyor. Resolution 1 gives the Empire until 20 March to bring them home.",
        secrets=(
            Hidden(
                "Thirty-eight are well. Two of the elderly died in January, of nothing worse than age and cold, and "
                "nobody has dared to tell Captain Mavek’s superiors. The Empire can still keep its word. It cannot "
                "keep it whole."
            ),
        ),
        aliases=("The forty-one",),
        tags=("Halvet convoy",),
        inside="Ilvara’s Lamp",
    ),
    Page(
        EntryKind.NOTE,
        "The rule of four",
        "Low-yield subspace munitions are exempt from the ban while their use is not widespread. In this campaign "
        "that means **up to three recorded uses in ninety days, by anyone**: the exemption speaks of the munition, "
        "not of whose it is. The fourth use inside ninety days is a breach, and it does not matter that the first "
        "three were somebody else’s.",
        tags=("tri-cobalt",),
    ),
    # Of the GM's own kind
    Page(
        INCIDENT[0].lower(),
        "The taking of the forty-one",
        "[[Mavek|The captain]] stopped the ninth of eleven transports and took forty-one people off it. They are on "
        "[[The forty-one|the list]]; [[Dalen Orr]] is the last.",
        tags=("Halvet convoy",),
        values=(
            ("when", "2378-10-23"),
            ("where", "Halvet"),
            ("ship", "Qelvok"),
            ("lives-lost", "0"),
            ("on-the-docket", "yes"),
        ),
    ),
    Page(
        INCIDENT[0].lower(),
        "The blast in the Reach",
        "The fourth use of tri-cobalt in ninety days, by [[Ardent]]; what [[the rule of four]] makes of it is before "
        "the conference.",
        tags=("tri-cobalt",),
        values=(
            ("when", "2379-02-08"),
            ("where", "Tessaly Reach"),
            ("ship", "Ardent"),
            ("on-the-docket", "yes"),
        ),
    ),
    Page(
        EntryKind.DOCUMENT,
        "A Tholian note",
        "Received by two delegations on 1 March, unsigned, and warm to the touch: *The wreck was not in our web "
        "until you wished to find it there.*",
        told=(FEDERATION, KLINGON),
    ),
)
