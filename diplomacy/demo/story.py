"""What happens in the Long Peace: events, clocks, and two evenings at the table."""

from dataclasses import dataclass

from diplomacy.demo.powers import CARDASSIAN, FEDERATION, KLINGON, ROMULAN
from khitomer.rules.changes import AddClock, AddEvent, Audience
from khitomer.rules.dates import StoryDate

NAME, SLUG = "The Long Peace", "long-peace"
SUMMARY = "Four years after the war, everyone has signed the Accords. Somebody is making sure that everyone uses them."
STARTS = StoryDate.parse("2378-10-01")
TODAY = StoryDate.parse("2379-03-14")


def event(
    slug: str, on: str, title: str, text: str, audience: Audience = "all", told: tuple[str, ...] = ()
) -> AddEvent:
    """An event of the campaign, for everyone unless an audience is given."""
    return AddEvent(slug=slug, on=StoryDate.parse(on), title=title, text=text, audience=audience, told=told)


BEFORE = (
    event(
        "cardassia-signs",
        "2376-08-04",
        "The Cardassian Union signs the Second Accords",
        "A term of the peace, and the first treaty the new Union made. What was done before this day lies beyond the "
        "Accords for ever; both those who welcome that and those who do not have read the calendar closely since.",
    ),
    event(
        "tzenkethi-withdraw",
        "2378-06-19",
        "The Tzenkethi Coalition withdraws",
        "Two lines, no reason. The first signatory to leave in peacetime.",
    ),
    event(
        "halvet-rises",
        "2378-09-12",
        "The militias of Halvet rise",
        "Three pits are seized on the first day. By the end of the month nobody governs Halvet.",
    ),
    event(
        "casings-leave",
        "2378-09-28",
        "Six casings leave Archanis Nine",
        "Signed out by Commander Sallow to a ship in dry dock. Everything that follows follows from this.",
        "gm",
    ),
)
"""What had happened when the campaign opened, beyond canon."""

CONVOY = event(
    "halvet-convoy",
    "2378-10-23",
    "The Halvet convoy is stopped",
    "Eleven transports leave Halvet under a white pennant. The *Qelvok* stops them at the edge of the system, boards "
    "three, and takes forty-one people off the ninth, the *Ilvara’s Lamp*.",
)
RAIDERS = event(
    "marrak-raiders",
    "2378-12-16",
    "Raiders in the Marrak Deep",
    "Two settler barges burn. Bajor asks for passage; the Confederacy answers that it will see to the matter itself.",
)
AUDIT = event(
    "archanis-audit",
    "2379-01-14",
    "An audit at Archanis Nine",
    "Six tri-cobalt casings too few. The report says: an error of counting.",
    "powers",
    (FEDERATION,),
)
BLOCKADE = event(
    "marrak-closed",
    "2379-01-11",
    "The Breen close the Marrak Deep",
    "Four warships across the only lane. Nine barges with eleven hundred settlers turn back; three of them have been "
    "waiting at the buoys ever since.",
)
ARDENT = event(
    "ardent-device",
    "2379-02-08",
    "The Ardent’s device",
    "The fourth tri-cobalt blast in ninety days, and the first that anybody minded.",
)
WRECK = event(
    "calders-rest-found",
    "2379-02-20",
    "The Calder’s Rest is found",
    "Ferengi salvagers bring a log and a nameplate out of the Sennen Drift. Three hundred families learn in one "
    "evening where to mourn.",
)
GUEST = event(
    "a-guest-of-the-house",
    "2379-03-02",
    "A guest of the House of Torghal",
    "The surveyor from the *Ilvara’s Lamp* is moved off the *Qelvok* by night, to Captain Mavek’s own lands. The list "
    "that the Empire will hand over has been copied out again, with forty names.",
    "powers",
    (KLINGON,),
)
SECRETARY = event(
    "secretary-writes",
    "2379-03-09",
    "Senator Varo’s secretary writes to Archanis Nine",
    "*Not before the vote on the Deep. After it, whichever way it falls.* Two casings are left.",
    "gm",
)


def _clock(
    slug: str, name: str, size: int, filled: int, note: str, audience: Audience = "all", *told: str
) -> AddClock:
    return AddClock(slug=slug, name=name, size=size, filled=filled, note=note, audience=audience, told=told)


CLOCKS = (
    _clock(
        "notice",
        "Somebody gives notice",
        6,
        1,
        "When it is full, a signatory withdraws at the next sitting.",
    ),
    _clock(
        "heirs",
        "The Heirs of ’93",
        8,
        4,
        "When it is full: two blasts on one day, on two borders, and nobody’s exemption left.",
        "gm",
    ),
    _clock(
        "relief",
        "Relief for Halvet",
        6,
        3,
        "When it is full, the last of the eighteen hundred are out of the pits.",
    ),
    _clock(
        "waiting-at-the-buoys",
        "Waiting at the buoys",
        8,
        4,
        "Air and patience of three barges at the Marrak Deep. When it is full, they try the lane.",
    ),
    _clock(
        "what-houses-bear",
        "What the Houses will bear",
        4,
        2,
        "One more verdict against the Empire, and they speak up.",
        "powers",
        KLINGON,
    ),
    _clock(
        "senate-patience",
        "The Senate’s patience",
        6,
        3,
        "An answer on the Tessaly Reach, or new instructions.",
        "powers",
        ROMULAN,
    ),
    _clock(
        "council-answer",
        "The Council wants an answer",
        6,
        2,
        "Over the Calder’s Rest. When it is full, it asks in public.",
        "powers",
        FEDERATION,
    ),
    _clock(
        "papers-traced",
        "Who made the surveyor’s papers",
        4,
        1,
        "Your own office is looking. Slowly.",
        "powers",
        CARDASSIAN,
    ),
    _clock(
        "rhek-talks",
        "Rhek talks",
        4,
        1,
        "To whoever is kind to him first.",
        "gm",
    ),
)


@dataclass(frozen=True)
class Item:
    """One point of an evening's agenda, with what the GM wants to remember of it."""

    title: str
    gm_note: str = ""
    done: bool = False


@dataclass(frozen=True)
class Evening:
    """A session: its title, what was planned, and what is to be told of it."""

    title: str
    agenda: tuple[Item, ...]
    gm_notes: str
    recap: str = ""


FORTY_ONE = Evening(
    title="Forty-one names",
    agenda=(
        Item("Camp Khitomer in the snow: who meets whom before the gavel", done=True),
        Item(
            "The hearing on the Halvet convoy",
            "Let Mavek be right about Tarsal Hold, and wrong here.",
            done=True,
        ),
        Item(
            "The vote, and what it costs",
            "If it fails, Dusek walks out: tick “Somebody gives notice”.",
            done=True,
        ),
        Item(
            "A table in the bar: Nisk offers each delegation one thing",
            "One lie, three truths.",
            done=True,
        ),
    ),
    gm_notes="Nobody asked why the *Qelvok* boarded the **ninth** transport first. Keep that for Mavek’s uncle. "
    "Wren has noticed that one of the forty-one has no family; Ishani has noticed that Wren noticed.\n\n"
    "Open for next time: what Nisk wants from the Tholians, and why they did not even bid.",
    recap="The signatories met at Camp Khitomer for the first time since the war. **Legate Dusek** read forty-one "
    "names into the record without raising his voice, and **Captain Mavek**, called by the Empire, answered with "
    "one: her brother’s.\n\n"
    "The conference found a breach of the evacuation protocol. The Empire took it standing. It has until "
    "**20 March** to bring the people of the *Ilvara’s Lamp* home, and Ishani has promised in front of everyone "
    "that it will.\n\n"
    "Afterwards, between the evenings, the Empire filed a complaint of its own, over **Tarsal Hold**. It was "
    "turned away in a week: Cardassia had not signed when it happened. Nobody at the table thought that this "
    "made it untrue.",
)
WAY_OUT = Evening(
    title="The way out of the Deep",
    agenda=(
        Item(
            "What was in the Sennen Drift: Tobias reads the log",
            "The edge of the cut is clean. Only if somebody asks.",
            done=True,
        ),
        Item(
            "The hearing on the Marrak Deep",
            "The Breen delegate answers the question before last.",
            done=True,
        ),
        Item(
            "The vote: two thirds, and the parties do not vote",
            "Ishani and Luca have voted. The Ferengi and the Tholians are yours.",
        ),
        Item(
            "The Ardent’s device: the Romulans against the Federation",
            "Four uses in ninety days. The third was Romulan, and lawful.",
        ),
        Item("Six days to 20 March", "Thirty-eight, not forty. Who tells whom?"),
    ),
    gm_notes="**What the Heirs want tonight:** that the motion on the Deep carries by one vote, and is not "
    "obeyed.\n\n"
    "- If the *Calder’s Rest* comes up, Luca already has the order from the fleet’s archives. Say nothing, and "
    "look at him.\n"
    "- If anybody brings up the Romulan blast of 19 January: it was only the third, so it is **not bound**. Let "
    "the ruling say so.\n"
    "- Nisk is in the bar. He would like to be arrested by somebody civilised.",
)
