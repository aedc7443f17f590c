"""What every address answers every role: the table that the matrix of roles and the browser's tour go by."""

from tests.world import ROLES

MEANING = {
    "P": {200},  # the page, or the file
    "L": {302},  # sent to sign in
    "M": {404},  # nothing there, or not for you
    "X": {405},  # there, but not asked for in this way
    "N": {200, 405},  # a page that has no step: posting to it does nothing
    "F": {200, 422},  # the form again, with what is wrong
    "D": {302},  # done, and sent on
    "R": {409},  # refused, with the reason on a page of its own
}

ANSWERS_TO_GET_AND_POST = """
#                         get      post (with nothing in it)
home                      PPPPPPP  NNNNNNN
health                    PPPPPPP  NNNNNNN
library                   PPPPPPP  NNNNNNN
library-timeline          PPPPPPP  NNNNNNN
library-sources           PPPPPPP  NNNNNNN
library-kind              PPPPPPP  NNNNNNN
library-entry             PPPPPPP  NNNNNNN

sign-in                   PDDDDDD  FDDDDDD
sign-out                  XXXXXXX  DDDDDDD
sign-up                   PDDDDDD  FDDDDDD
account                   LPPPPPP  LFFFFFF
email-confirm             LPPPPPP  LRRRRRR
password-change           LPPPPPP  LFFFFFF
password-reset            PPPPPPP  FFFFFFF
password-reset-sent       PPPPPPP  NNNNNNN
password-reset-confirm    DDDDDDD  DDDDDDD
password-reset-done       PPPPPPP  NNNNNNN

campaign-new              LPPPPPP  LFFFFFF
invitation-door           MMMMMMM  MMMMMMM
invitation                DDDDDDD  XXXXXXX
live                      LMPPPPP  LMXXXXX
here                      LMPPPPP  LMXXXXX
arrivals                  LMPPPPP  LMXXXXX
members                   LMPPPPP  LMNNNNN
invite                    LMMMMPP  LMMMMFF
invitation-revoke         LMMMMXX  LMMMMDD
member-edit               LMMMMPP  LMMMMFF
member-remove             LMMMMXX  LMMMMDD
campaign-edit             LMMMMPP  LMMMMFF
notices                   LMPPPPP  LMFFFFF
notices-read              LMXXXXX  LMDDDDD
notices-newest            LMPPPPP  LMXXXXX
webhooks                  LMMMMPP  LMMMMFF
webhook-edit              LMMMMPP  LMMMMFF
webhook-test              LMMMMXX  LMMMMDD
webhook-remove            LMMMMXX  LMMMMDD

powers                    LMPPPPP  LMNNNNN
power                     LMPPPPP  LMNNNNN
power-emblem              LMPPPPP  LMXXXXX
power-seal                LMPPPPP  LMXXXXX
power-new                 LMMMMPP  LMMMMFF
power-edit                LMMMMPP  LMMMMFF
power-remove              LMMMMXX  LMMMMRR
standing-edit             LMMMMPP  LMMMMFF
territory                 LMPPPPP  LMNNNNN
territory-new             LMMMMPP  LMMMMFF
territory-move            LMMMMPP  LMMMMFF
territory-remove          LMMMMXX  LMMMMDD
zone-new                  LMMMMPP  LMMMMFF
zone-abolish              LMMMMPP  LMMMMFF
zone-reopen               LMMMMXX  LMMMMRR
zone-strike               LMMMMXX  LMMMMDD
standing-history          LMPPPPP  LMNNNNN
map                       LMPPPPP  LMNNNNN
map-place                 LMMMMXX  LMMMMFF
treaties                  LMPPPPP  LMNNNNN
treaty                    LMPPPPP  LMNNNNN
treaty-new                LMMMMPP  LMMMMFF
treaty-edit               LMMMMPP  LMMMMFF
span-new                  LMMMMPP  LMMMMFF
span-edit                 LMMMMPP  LMMMMFF
span-leave                LMMMMXX  LMMMMFF
span-strike               LMMMMXX  LMMMMDD
provision                 LMPPPPP  LMNNNNN
provision-new             LMMMMPP  LMMMMFF
provision-edit            LMMMMPP  LMMMMFF
use-new                   LMMMMPP  LMMMMFF
use-strike                LMMMMXX  LMMMMDD
reservation-new           LMMMMPP  LMMMMFF
reservation-end           LMMMMPP  LMMMMFF

timeline                  LMPPPPP  LMNNNNN
event                     LMMMPPP  LMMMNNN
event-new                 LMMMMPP  LMMMMFF
event-edit                LMMMMPP  LMMMMFF
event-strike              LMMMMXX  LMMMMDD
divergence                LMMMMPP  LMMMMNN
future                    LMMMMPP  LMMMMFF
ledger                    LMMMMPP  LMMMMNN
ledger-undo               LMMMMPP  LMMMMFF
advance-date              LMMMMPP  LMMMMFF
search                    LMPPPPP  LMNNNNN
clocks                    LMPPPPP  LMNNNNN
clock-new                 LMMMMPP  LMMMMFF
clock-edit                LMMMMPP  LMMMMFF
clock-tick                LMMMMXX  LMMMMDD

disclose                  LMMMMPP  LMMMMRR
knowledge                 LMPPPPP  LMNNNNN
knowledge-table           LMMMMPP  LMMMMNN
view-as                   LMMMMXX  LMMMMDD

archive                   LMPPPPP  LMNNNNN
writing-names             LMPPPPP  LMNNNNN
writing-preview           LMXXXXX  LMFFFFF
kinds                     LMMMMPP  LMMMMNN
kind-new                  LMMMMPP  LMMMMFF
kind-edit                 LMMMMPP  LMMMMFF
kind-remove               LMMMMXX  LMMMMDD
entry                     LMMMPPP  LMMMNNN
entry-new                 LMMMMPP  LMMMMFF
entry-edit                LMMMMPP  LMMMMFF
entry-fate                LMMMMXX  LMMMMFF
entry-picture             LMMMMPP  LMMMMFF
picture                   LMMMPPP  LMXXXXX
entry-token               LMMMPPP  LMXXXXX
entry-card                LMMMPPP  LMXXXXX
secret-new                LMMMMPP  LMMMMFF
secret-edit               LMMMMPP  LMMMMFF
secret-remove             LMMMMXX  LMMMMDD
handouts                  LMPPPPP  LMNNNNN
handout-new               LMMMMPP  LMMMMXX
handout-make              LMMMMPP  LMMMMFF
handout                   LMMMPPP  LMMMNNN
handout-edit              LMMMMPP  LMMMMFF
handout-picture           LMMMMPP  LMMMMFF
handout-throw-away        LMMMMXX  LMMMMDD
handout-take-out          LMMMMXX  LMMMMDD
handout-print             LMMMPPP  LMMMNNN
handout-pdf               LMMMPPP  LMMMNNN
packs                     LMPPPPP  LMXXXXX
pack-cancel               LMXXXXX  LMMMMMD
pack-pdf                  LMMMMMP  LMXXXXX
printed                   LMMMMPP  LMMMMNN
printed-note              LMMMMXX  LMMMMDD
printed-withdraw          LMMMMXX  LMMMMDD
press                     LXXXXXX  LDDDDDD
entry-history             LMMMMPP  LMMMMNN
version-restore           LMMMMXX  LMMMMDD
secret-history            LMMMMPP  LMMMMNN
secret-version-restore    LMMMMXX  LMMMMDD
entry-throw-away          LMMMMXX  LMMMMDD
bin                       LMMMMPP  LMMMMNN
bin-take-out              LMMMMXX  LMMMMDD
bin-delete                LMMMMXX  LMMMMDD
archive-bulk              LMMMMPP  LMMMMFF
proposals                 LMPPPPP  LMNNNNN
proposal-new              LMPPPMM  LMFFFMM
proposal                  LMMMPPP  LMMMNNN
proposal-edit             LMMMPMM  LMMMFMM
proposal-withdraw         LMXXXXX  LMMMDMM
proposal-approve          LMMMMXX  LMMMMFF
proposal-return           LMMMMXX  LMMMMFF
sessions                  LMPPPPP  LMNNNNN
session                   LMPPPPP  LMNNNNN
session-new               LMMMMPP  LMMMMFF
session-calendar          LMPPPPP  LMXXXXX
sessions-calendar         LMPPPPP  LMXXXXX
session-dates             LMPPPPP  LMDDDDD
session-dates-propose     LMMMMXX  LMMMMFF
session-date-choose       LMMMMXX  LMMMMDD
session-dates-again       LMMMMXX  LMMMMDD
session-dice              LMPPPPP  LMFFFFF
session-pools             LMXXXXX  LMRRRRR
names                     LMMMMPP  LMMMMFF
name-use                  LMMMMXX  LMMMMDD
name-list-remove          LMMMMXX  LMMMMDD
session-edit              LMMMMPP  LMMMMFF
session-state             LMMMMXX  LMMMMRR
agenda-add                LMMMMXX  LMMMMFF
agenda-done               LMMMMXX  LMMMMDD
agenda-remove             LMMMMXX  LMMMMDD
agenda-edit               LMMMMPP  LMMMMFF
agenda-move               LMMMMXX  LMMMMRR
session-plan              LMMMMPP  LMMMMNN
scene-new                 LMMMMPP  LMMMMFF
scene-edit                LMMMMPP  LMMMMFF
scene-done                LMMMMXX  LMMMMDD
scene-move                LMMMMXX  LMMMMRR
scene-remove              LMMMMXX  LMMMMDD
scene-stage               LMMMMPP  LMMMMNN
scene-entry               LMMMMDD  LMMMMXX
reveal                    LMMMMXX  LMMMMDD
reveal-remove             LMMMMXX  LMMMMDD
stage                     LMMMMPP  LMMMMFF
log-add                   LMMMMXX  LMMMMFF
log-edit                  LMMMMPP  LMMMMFF
log-remove                LMMMMXX  LMMMMRD
session-answer            LMXXXXX  LMRRRRR
session-present           LMMMMXX  LMMMMDD
session-carry             LMMMMXX  LMMMMRR
session-recap             LMMMMPP  LMMMMFF
recap-edit                LMMMMPP  LMMMMFF
recap-remove              LMMMMXX  LMMMMDD

desk                      LMPPPPP  LMNNNNN
arrange                   LMXXXXX  LMRRRRR
quick-entry               LMMMMXX  LMMMMFF
docket                    LMPPPPP  LMNNNNN
docket-picture            LMPPPPP  LMXXXXX
complaint-new             LMMPPPP  LMMFFFF
draft                     LMMMPMM  LMMMFMM
draft-save                LMXXXXX  LMMMDMM
draft-discard             LMXXXXX  LMMMDMM
exhibit-add               LMXXXXX  LMMMFMM
draft-exhibit             LMMMPMM  LMMMNMM
exhibit-remove            LMXXXXX  LMMMDMM
complaint                 LMPPPPP  LMNNNNN
exhibit                   LMPPPPP  LMNNNNN
complaint-rule            LMMMMXX  LMMMMDD
complaint-return          LMMMMXX  LMMMMFF
complaint-withdraw        LMXXXXX  LMMMDFF
complaint-docket          LMMMMXX  LMMMMDD
filed-return              LMMMMXX  LMMMMFF
filed-withdraw            LMXXXXX  LMMMDFF
complaint-refer           LMXXXXX  LMMMRRR
complaint-object          LMXXXXX  LMMFMMM
complaint-supplement      LMXXXXX  LMMFFMM
complaint-join            LMXXXXX  LMMMMFF
complaint-schedule        LMMMMXX  LMMMMFF
summons                   LMPPPPP  LMNNNNN
summons-pdf               LMPPPPP  LMNNNNN
parley                    LMMMPPP  LMMMFRR
parley-note               LMMMMXX  LMMMMFF
offer-new                 LMMMPRR  LMMMFRR
offer-accept              LMMMPPP  LMMMFFF
offer-refuse              LMXXXXX  LMMMDRR
offer-take-back           LMXXXXX  LMMMDRR
settlement-enact          LMMMMXX  LMMMMDD
settlement-undo           LMMMMPP  LMMMMFF
conferences               LMPPPPP  LMNNNNN
conference                LMPPPPP  LMNNNNN
conference-new            LMMMMPP  LMMMMFF
conference-pack           LMPPPPP  LMFFFFF
conference-edit           LMMMMPP  LMMMMFF
conference-charter        LMPPPPP  LMNNNNN
conference-charter-edit   LMMMMPP  LMMMMFF
minutes                   LMMMMPP  LMXXXXX
minutes-publish           LMMMMXX  LMMMMRR
minutes-print             LMMMMPP  LMXXXXX
minutes-pdf               LMMMMPP  LMXXXXX
treaty-charter            LMPPPPP  LMNNNNN
treaty-charter-edit       LMMMMPP  LMMMMFF
seats                     LMMMMPP  LMMMMFF
seat-player               LMMMMXX  LMMMMMM
conference-stage          LMMMMXX  LMMMMRR
hearing-open              LMMMMXX  LMMMMDD
hearing-move              LMMMMXX  LMMMMRR
party-heard               LMMMMXX  LMMMMRR
conference-floor          LMPPPPP  LMXXXXX
floor-set                 LMMMMXX  LMMMMDD
floor-clock               LMMMMXX  LMMMMRR
speech-ask                LMMXXXX  LMMRRRR
speech-next               LMMMMXX  LMMMMDD
speech-step               LMMMMXX  LMMMMRR
speech-back               LMMXXXX  LMMRDDD
speech-point              LMMMMXX  LMMMMRR
speech-appeal             LMMXXXX  LMMRRRR
chamber-links             LMMMMPP  LMMMMFF
chamber-revoke            LMMMMXX  LMMMMDD
chamber                   PPPPPPP  XXXXXXX
motion                    LMPPPPP  LMNNNNN
motion-new                LMMPPPP  LMMFFFF
motion-edit               LMMMPRR  LMMMFRR
motion-submit             LMMXXXX  LMMMDRR
motion-withdraw           LMMXXXX  LMMMDRR
motion-amend              LMMRRRR  LMMRRRR
motion-step               LMMXXXX  LMMRRRR
sitting-move              LMMXXXX  LMMRRRR
complaint-appeal          LMRRRRR  LMRRRRR
vote-open                 LMMMMXX  LMMMMDD
ballot                    LMMXXXX  LMMRRRR
ballots-empty             LMMMMXX  LMMMMRR
vote-hands                LMMMMXX  LMMMMRR
pledge                    LMMXXXX  LMMRRRR
recount                   LMPPPPP  LMNNNNN
receipt                   LMXXXXX  LMRRRRR
vote-close                LMMMMXX  LMMMMDD
vote-casting              LMMMMXX  LMMMMRR
resolutions               LMPPPPP  LMNNNNN
resolution                LMPPPPP  LMNNNNN
resolution-enact          LMMMMXX  LMMMMDD
resolution-undo           LMMMMPP  LMMMMFF
resolution-print          LMPPPPP  LMNNNNN
resolution-pdf            LMPPPPP  LMNNNNN
obligation-met            LMMMMXX  LMMMMDD
obligation                LMPPPPP  LMMFMFF
complaint-compliance      LMPPPPP  LMMMFFF
countermeasures-new       LMMRPRR  LMMRFRR
"""
"""One letter a role, in the order of ROLES; what a letter means stands in MEANING."""

ANSWERS = {
    words[0]: {"get": words[1], "post": words[2]}
    for line in ANSWERS_TO_GET_AND_POST.splitlines()
    if (words := line.split()) and words[0] != "#"
}


def pages_of(role: str) -> list[str]:
    """The routes that answer this role with a page of its own, files and parts left out."""
    place = ROLES.index(role)
    return [
        name
        for name, words in ANSWERS.items()
        if words["get"][place] == "P" and name not in NO_PAGES and not name.endswith("-pdf")
    ]


NO_PAGES = {
    "exhibit",
    "draft-exhibit",
    "picture",
    "power-emblem",
    "power-seal",
    "entry-token",
    "entry-card",
    "session-calendar",
    "sessions-calendar",
    "health",
    "conference-floor",
    "writing-names",
    "notices-newest",
    "live",
    "here",
    "arrivals",
}
"""Files, the health check, and the parts that a page asks for again and again."""
