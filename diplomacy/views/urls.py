"""Every address of the conference system, below a campaign's own."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from diplomacy.views import (
    ballots,
    chamber,
    charters,
    complaint_steps,
    complaints,
    compliance,
    conferences,
    desks,
    docket,
    floor,
    hands,
    minutes,
    motions,
    packs,
    parleys,
    recounts,
    resolutions,
    sittings,
)


class Letter(StringConverter):
    """The letter of an exhibit."""

    regex = "[A-Z]"


register_converter(Letter, "letter")

urlpatterns = [
    path("", desks.desk, name="desk"),
    path("arrange/", desks.arrange, name="arrange"),
    path("quick-entry/", desks.quick_entry, name="quick-entry"),
    path("docket/", docket.docket, name="docket"),
    path("docket/picture/", docket.docket_picture, name="docket-picture"),
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
    path("docket/<int:number>/return/", complaint_steps.complaint_return, name="complaint-return"),
    path("docket/<int:number>/withdraw/", complaint_steps.complaint_withdraw, name="complaint-withdraw"),
    path("docket/drafts/<uuid:token>/docket/", complaint_steps.complaint_docket, name="complaint-docket"),
    path("docket/drafts/<uuid:token>/return/", complaint_steps.filed_return, name="filed-return"),
    path("docket/drafts/<uuid:token>/withdraw/", complaint_steps.filed_withdraw, name="filed-withdraw"),
    path("docket/<int:number>/refer/", complaint_steps.complaint_refer, name="complaint-refer"),
    path("docket/<int:number>/objection/", complaint_steps.complaint_object, name="complaint-object"),
    path(
        "docket/<int:number>/supplement/", complaint_steps.complaint_supplement, name="complaint-supplement"
    ),
    path("docket/<int:number>/join/", complaint_steps.complaint_join, name="complaint-join"),
    path("docket/<int:number>/schedule/", complaints.complaint_schedule, name="complaint-schedule"),
    path("docket/<int:number>/summons/", complaints.summons, name="summons"),
    path("docket/<int:number>/summons.pdf", complaints.summons_pdf, name="summons-pdf"),
    path("treaties/<slug:treaty>/charter/", charters.treaty_charter, name="treaty-charter"),
    path("treaties/<slug:treaty>/charter/edit/", charters.treaty_charter_edit, name="treaty-charter-edit"),
    path("docket/<int:number>/parley/", parleys.parley, name="parley"),
    path("docket/<int:number>/parley/note/", parleys.parley_note, name="parley-note"),
    path("docket/<int:number>/parley/offers/new/", parleys.offer_new, name="offer-new"),
    path("docket/<int:number>/parley/offers/<int:offer>/accept/", parleys.offer_accept, name="offer-accept"),
    path("docket/<int:number>/parley/offers/<int:offer>/refuse/", parleys.offer_refuse, name="offer-refuse"),
    path(
        "docket/<int:number>/parley/offers/<int:offer>/take-back/",
        parleys.offer_take_back,
        name="offer-take-back",
    ),
    path("docket/<int:number>/settlement/enact/", parleys.settlement_enact, name="settlement-enact"),
    path("docket/<int:number>/settlement/undo/", parleys.settlement_undo, name="settlement-undo"),
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
    path("conferences/<slug:conference>/minutes/", minutes.minutes, name="minutes"),
    path("conferences/<slug:conference>/minutes/publish/", minutes.minutes_publish, name="minutes-publish"),
    path("conferences/<slug:conference>/minutes/print/", minutes.minutes_print, name="minutes-print"),
    path("conferences/<slug:conference>/minutes/minutes.pdf", minutes.minutes_pdf, name="minutes-pdf"),
    path("conferences/<slug:conference>/pack/", packs.conference_pack, name="conference-pack"),
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
    path(
        "conferences/<slug:conference>/hearings/<int:number>/move/",
        sittings.hearing_move,
        name="hearing-move",
    ),
    path(
        "conferences/<slug:conference>/hearings/<int:number>/heard/",
        sittings.party_heard,
        name="party-heard",
    ),
    path("conferences/<slug:conference>/floor/", sittings.conference_floor, name="conference-floor"),
    path("conferences/<slug:conference>/floor/set/", sittings.floor_set, name="floor-set"),
    path("conferences/<slug:conference>/floor/clock/", sittings.floor_clock, name="floor-clock"),
    path("conferences/<slug:conference>/speakers/", sittings.speech_ask, name="speech-ask"),
    path("conferences/<slug:conference>/speakers/next/", sittings.speech_next, name="speech-next"),
    path("conferences/<slug:conference>/speakers/<int:pk>/", sittings.speech_step, name="speech-step"),
    path("conferences/<slug:conference>/speakers/<int:pk>/back/", sittings.speech_back, name="speech-back"),
    path(
        "conferences/<slug:conference>/speakers/<int:pk>/ruling/", sittings.speech_point, name="speech-point"
    ),
    path(
        "conferences/<slug:conference>/speakers/<int:pk>/appeal/",
        sittings.speech_appeal,
        name="speech-appeal",
    ),
    path("conferences/<slug:conference>/chamber/", chamber.chamber_links, name="chamber-links"),
    path(
        "conferences/<slug:conference>/chamber/<int:pk>/revoke/",
        chamber.chamber_revoke,
        name="chamber-revoke",
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
        "conferences/<slug:conference>/motions/<int:number>/amend/", floor.motion_amend, name="motion-amend"
    ),
    path(
        "conferences/<slug:conference>/motions/<int:number>/step/", floor.motion_step_take, name="motion-step"
    ),
    path("conferences/<slug:conference>/move/", floor.sitting_move, name="sitting-move"),
    path("docket/<int:number>/appeal/", floor.complaint_appeal, name="complaint-appeal"),
    path(
        "conferences/<slug:conference>/motions/<int:number>/vote/open/", ballots.vote_open, name="vote-open"
    ),
    path("conferences/<slug:conference>/motions/<int:number>/ballot/", ballots.ballot, name="ballot"),
    path("conferences/<slug:conference>/motions/<int:number>/vote/hands/", hands.hands, name="vote-hands"),
    path("conferences/<slug:conference>/motions/<int:number>/pledge/", hands.pledge, name="pledge"),
    path("conferences/<slug:conference>/motions/<int:number>/recount/", recounts.recount, name="recount"),
    path("conferences/<slug:conference>/motions/<int:number>/receipt/", ballots.receipt, name="receipt"),
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
    path("docket/<int:number>/compliance/", compliance.complaint_compliance, name="complaint-compliance"),
    path("obligations/<int:pk>/", compliance.obligation, name="obligation"),
    path(
        "conferences/<slug:conference>/countermeasures/<int:number>/",
        compliance.countermeasures_new,
        name="countermeasures-new",
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
