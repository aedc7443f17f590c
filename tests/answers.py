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
members                   LMPPPPP  LMNNNNN
invite                    LMMMMPP  LMMMMFF
invitation-revoke         LMMMMXX  LMMMMDD
member-edit               LMMMMPP  LMMMMFF
member-remove             LMMMMXX  LMMMMDD
campaign-edit             LMMMMPP  LMMMMFF

powers                    LMPPPPP  LMNNNNN
power                     LMPPPPP  LMNNNNN
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
future                    LMMMMPP  LMMMMFF
ledger                    LMMMMPP  LMMMMNN
ledger-undo               LMMMMPP  LMMMMFF
advance-date              LMMMMPP  LMMMMFF
clocks                    LMPPPPP  LMNNNNN
clock-new                 LMMMMPP  LMMMMFF
clock-edit                LMMMMPP  LMMMMFF
clock-tick                LMMMMXX  LMMMMDD

archive                   LMPPPPP  LMNNNNN
entry                     LMMMPPP  LMMMNNN
entry-new                 LMMMMPP  LMMMMFF
entry-edit                LMMMMPP  LMMMMFF
entry-fate                LMMMMXX  LMMMMFF
secret-new                LMMMMPP  LMMMMFF
secret-edit               LMMMMPP  LMMMMFF
secret-remove             LMMMMXX  LMMMMDD
sessions                  LMPPPPP  LMNNNNN
session                   LMPPPPP  LMNNNNN
session-new               LMMMMPP  LMMMMFF
session-edit              LMMMMPP  LMMMMFF
session-state             LMMMMXX  LMMMMRR
agenda-add                LMMMMXX  LMMMMFF
agenda-done               LMMMMXX  LMMMMDD
agenda-remove             LMMMMXX  LMMMMDD

desk                      LMPPPPP  LMNNNNN
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


NO_PAGES = {"exhibit", "draft-exhibit", "health", "conference-floor"}
"""Files, the health check, and the part of the desk that is asked for again and again."""
