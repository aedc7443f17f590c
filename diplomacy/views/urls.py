"""Every address of the conference system, below a campaign's own."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from diplomacy.views import ballots, charters, complaints, conferences, desks, docket, motions, resolutions


class Letter(StringConverter):
    """The letter of an exhibit."""

    regex = "[A-Z]"


register_converter(Letter, "letter")

urlpatterns = [
    path("", desks.desk, name="desk"),
    path("docket/", docket.docket, name="docket"),
    path("docket/file/", complaints.complaint_new, name="complaint-new"),
    path("docket/drafts/<uuid:token>/", complaints.draft, name="draft"),
    path("docket/drafts/<uuid:token>/save/", complaints.draft_save, name="draft-save"),
    path("docket/drafts/<uuid:token>/discard/", complaints.draft_discard, name="draft-discard"),
    path("docket/drafts/<uuid:token>/exhibits/", complaints.exhibit_add, name="exhibit-add"),
    path(
        "docket/drafts/<uuid:token>/exhibits/<letter:letter>/", complaints.draft_exhibit, name="draft-exhibit"
    ),
    path(
        "docket/drafts/<uuid:token>/exhibits/<letter:letter>/remove/",
        complaints.exhibit_remove,
        name="exhibit-remove",
    ),
    path("docket/<int:number>/", complaints.complaint, name="complaint"),
    path("docket/<int:number>/exhibits/<letter:letter>/", complaints.exhibit, name="exhibit"),
    path("docket/<int:number>/ruling/", complaints.complaint_rule, name="complaint-rule"),
    path("docket/<int:number>/return/", complaints.complaint_return, name="complaint-return"),
    path("docket/<int:number>/withdraw/", complaints.complaint_withdraw, name="complaint-withdraw"),
    path("docket/<int:number>/schedule/", complaints.complaint_schedule, name="complaint-schedule"),
    path("docket/<int:number>/summons/", complaints.summons, name="summons"),
    path("docket/<int:number>/summons.pdf", complaints.summons_pdf, name="summons-pdf"),
    path("treaties/<slug:treaty>/charter/", charters.treaty_charter, name="treaty-charter"),
    path("treaties/<slug:treaty>/charter/edit/", charters.treaty_charter_edit, name="treaty-charter-edit"),
    path("conferences/", conferences.conferences, name="conferences"),
    path("conferences/new/", conferences.conference_new, name="conference-new"),
    path("conferences/<slug:conference>/", conferences.conference, name="conference"),
    path("conferences/<slug:conference>/edit/", conferences.conference_edit, name="conference-edit"),
    path("conferences/<slug:conference>/charter/", charters.conference_charter, name="conference-charter"),
    path(
        "conferences/<slug:conference>/charter/edit/",
        charters.conference_charter_edit,
        name="conference-charter-edit",
    ),
    path("conferences/<slug:conference>/seats/", conferences.seats, name="seats"),
    path(
        "conferences/<slug:conference>/seats/<int:pk>/delegate/", conferences.seat_player, name="seat-player"
    ),
    path("conferences/<slug:conference>/stage/", conferences.conference_stage, name="conference-stage"),
    path(
        "conferences/<slug:conference>/hearings/<int:number>/open/",
        conferences.hearing_open,
        name="hearing-open",
    ),
    path("conferences/<slug:conference>/motions/new/", motions.motion_new, name="motion-new"),
    path("conferences/<slug:conference>/motions/<int:number>/", ballots.motion, name="motion"),
    path("conferences/<slug:conference>/motions/<int:number>/edit/", motions.motion_edit, name="motion-edit"),
    path(
        "conferences/<slug:conference>/motions/<int:number>/submit/",
        motions.motion_submit,
        name="motion-submit",
    ),
    path(
        "conferences/<slug:conference>/motions/<int:number>/withdraw/",
        motions.motion_withdraw,
        name="motion-withdraw",
    ),
    path(
        "conferences/<slug:conference>/motions/<int:number>/vote/open/", ballots.vote_open, name="vote-open"
    ),
    path("conferences/<slug:conference>/motions/<int:number>/ballot/", ballots.ballot, name="ballot"),
    path(
        "conferences/<slug:conference>/motions/<int:number>/vote/empty/",
        ballots.ballots_empty,
        name="ballots-empty",
    ),
    path(
        "conferences/<slug:conference>/motions/<int:number>/vote/close/",
        ballots.vote_close,
        name="vote-close",
    ),
    path(
        "conferences/<slug:conference>/motions/<int:number>/vote/casting/",
        ballots.vote_casting,
        name="vote-casting",
    ),
    path("resolutions/", resolutions.resolutions, name="resolutions"),
    path("resolutions/<int:number>/", resolutions.resolution, name="resolution"),
    path("resolutions/<int:number>/enact/", resolutions.resolution_enact, name="resolution-enact"),
    path("resolutions/<int:number>/undo/", resolutions.resolution_undo, name="resolution-undo"),
    path("resolutions/<int:number>/print/", resolutions.resolution_print, name="resolution-print"),
    path("resolutions/<int:number>/resolution.pdf", resolutions.resolution_pdf, name="resolution-pdf"),
    path(
        "resolutions/<int:number>/obligations/<int:pk>/met/",
        resolutions.obligation_met,
        name="obligation-met",
    ),
]
